using System.Collections.Concurrent;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Routing;

namespace ExecutionPipeline.Pipeline.Timers;

/// <summary>A timer that routing asks ingress for, or takes back.</summary>
/// <param name="Owner">Whose it is.</param>
/// <param name="Subject">What it is for.</param>
/// <param name="DueNs">When, in nanoseconds since the Unix epoch, UTC.</param>
/// <param name="IsRemoval">Whether it is taken back.</param>
public readonly record struct TimerRequest(TimerOwner Owner, ulong Subject, long DueNs, bool IsRemoval = false);

/// <summary>
/// Carries requests for timers from routing's thread to ingress, which keeps the wheel and is the ring's only writer.
/// So many requests wait without any memory being taken; more are kept, too.
/// </summary>
public sealed class TimerRequests : ITimerSink
{
    private const int WarmCapacity = 4_096;

    private readonly ConcurrentQueue<TimerRequest> _requests = new();

    public TimerRequests()
    {
        // The queue keeps the memory that it has once taken.
        for (var i = 0; i < WarmCapacity; i++)
            _requests.Enqueue(default);
        while (_requests.TryDequeue(out _))
        {
        }
    }

    public void Set(TimerOwner owner, ulong subject, long dueNs) =>
        _requests.Enqueue(new TimerRequest(owner, subject, dueNs));

    public void Remove(TimerOwner owner, ulong subject, long dueNs) =>
        _requests.Enqueue(new TimerRequest(owner, subject, dueNs, IsRemoval: true));

    /// <summary>
    /// Puts what waits into the wheel, and takes out what is taken back, unless it came due before. Ingress's thread.
    /// </summary>
    /// <param name="wheel">Of the timers that are set.</param>
    /// <param name="onRemoved">Told what was taken out; null: nobody is.</param>
    /// <exception cref="InvalidOperationException">The wheel is full: an order would never be asked after.</exception>
    public void MoveTo(TimerWheel wheel, Action<TimerRequest>? onRemoved = null)
    {
        while (_requests.TryDequeue(out var request))
        {
            if (request.IsRemoval)
            {
                if (wheel.TryRemove(request.Owner, request.Subject, request.DueNs))
                    onRemoved?.Invoke(request);
            }
            else if (!wheel.TrySet(request.DueNs, request.Owner, request.Subject, out _))
            {
                throw new InvalidOperationException($"{wheel.Count} timers are set, and there is no room for another");
            }
        }
    }
}
