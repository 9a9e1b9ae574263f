using ExecutionPipeline.Audit.Store;
using Polly;
using Polly.Retry;

namespace ExecutionPipeline.Audit.Running;

/// <summary>
/// Tries a store again that is down or busy, after longer and longer waits, and says so once each time.
/// </summary>
internal sealed class StorePatience
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly ResiliencePipeline _pipeline;

    public StorePatience(AuditOptions options, AuditStore store) => _pipeline = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<Exception>(store.IsPassing),
            MaxRetryAttempts = options.Retries,
            BackoffType = DelayBackoffType.Exponential,
            Delay = TimeSpan.FromMilliseconds(options.RetryMs),
            MaxDelay = LongestWait,
            OnRetry = retry =>
            {
                Retries++;
                var cause = retry.Outcome.Exception?.Message;
                if (retry.AttemptNumber == 0)
                    options.OnNote?.Invoke($"{store.Name} cannot be used: {cause}: trying again");
                return ValueTask.CompletedTask;
            },
        })
        .Build();

    /// <summary>How often something was tried again.</summary>
    public long Retries { get; private set; }

    public void Do(Action action, CancellationToken cancel) => _pipeline.Execute(_ => action(), cancel);

    public T Get<T>(Func<T> read, CancellationToken cancel) => _pipeline.Execute(_ => read(), cancel);
}
