using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Driver;
using AeronClient = ExecutionPipeline.Aeron.Client.Aeron;

namespace ExecutionPipeline.Aeron.Tests;

/// <summary>A driver and clients in a directory of the test's own.</summary>
public abstract class AeronTestBase
{
    protected const string Channel = "aeron:ipc?term-length=64k";
    protected const int StreamId = 1001;
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly List<IDisposable> _open = [];

    protected string Directory { get; private set; } = "";

    protected List<Exception> Errors { get; } = [];

    [SetUp]
    public void CreateDirectory()
    {
        Errors.Clear();
        Directory = Path.Combine(Path.GetTempPath(), $"aeron-test-{Guid.NewGuid():N}");
    }

    [TearDown]
    public void CloseAndDelete()
    {
        for (var i = _open.Count - 1; i >= 0; i--)
            _open[i].Dispose();

        _open.Clear();
        if (System.IO.Directory.Exists(Directory))
            System.IO.Directory.Delete(Directory, recursive: true);
    }

    protected T Keep<T>(T disposable)
        where T : IDisposable
    {
        _open.Add(disposable);
        return disposable;
    }

    protected MediaDriver LaunchDriver(Action<MediaDriver.Context>? configure = null)
    {
        var context = new MediaDriver.Context().AeronDirectoryName(Directory).IpcTermBufferLength(64 * 1024);
        configure?.Invoke(context);
        return Keep(MediaDriver.Launch(context));
    }

    protected AeronClient Connect(Action<AeronClient.Context>? configure = null)
    {
        var context = new AeronClient.Context()
            .AeronDirectoryName(Directory)
            .ErrorHandler(new CallbackErrorHandler(Record));
        configure?.Invoke(context);
        return Keep(AeronClient.Connect(context));
    }

    protected void Record(Exception exception)
    {
        lock (Errors)
            Errors.Add(exception);
    }

    /// <summary>Waits for a condition; fails, naming it, when it does not come about.</summary>
    protected static void Await(Func<bool> condition, string what) =>
        Assert.That(SpinWait.SpinUntil(condition, Patience), Is.True, $"waited in vain: {what}");
}
