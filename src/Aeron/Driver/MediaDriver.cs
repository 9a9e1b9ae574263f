using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Driver;

/// <summary>
/// A media driver for streams within a machine, in pure .NET. Clients of any language find it by its directory. For
/// streams over a network start an official driver instead.
/// </summary>
public sealed partial class MediaDriver : IDisposable
{
    private readonly AgentRunner? _runner;
    private readonly AgentInvoker? _invoker;

    private MediaDriver(Context context)
    {
        Ctx = context;
        context.Conclude();
        var directory = DriverDirectory.Acquire(context);
        CncFile? cncFile = null;
        try
        {
            cncFile = CncFile.Create(directory.CncFileName, context.CncLayout());
            var conductor = new DriverConductor(context, cncFile, directory);
            cncFile.Publish();
            if (context.ThreadingMode() == Driver.ThreadingMode.INVOKER)
            {
                _invoker = new AgentInvoker(conductor.ErrorHandler, conductor);
                _invoker.Start();
            }
            else
            {
                _runner = new AgentRunner(context.SharedIdleStrategy(), conductor.ErrorHandler, conductor);
                AgentRunner.StartOnThread(_runner);
            }
        }
        catch
        {
            cncFile?.Dispose();
            directory.Release(isDeleted: true);
            throw;
        }
    }

    /// <summary>What the driver was launched with.</summary>
    public Context Ctx { get; }

    /// <summary>The driver's directory.</summary>
    public string AeronDirectoryName => Ctx.AeronDirectoryName();

    /// <summary>True once the driver has stopped.</summary>
    public bool IsClosed => _runner?.IsClosed ?? _invoker!.IsClosed;

    /// <summary>
    /// Starts a driver with the defaults, in the default directory.
    /// </summary>
    /// <exception cref="ActiveDriverException">A driver is running there.</exception>
    public static MediaDriver Launch() => Launch(new Context());

    /// <summary>Starts a driver. Clients can connect as soon as this returns.</summary>
    /// <exception cref="ActiveDriverException">A driver is running in the directory.</exception>
    /// <exception cref="ArgumentException">A setting cannot be; the message says what to set.</exception>
    public static MediaDriver Launch(Context ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        return new MediaDriver(ctx);
    }

    /// <summary>
    /// Starts a driver with the defaults in a new directory of its own, which <see cref="AeronDirectoryName"/> tells.
    /// </summary>
    public static MediaDriver LaunchEmbedded() => LaunchEmbedded(new Context());

    /// <summary>As <see cref="Launch(Context)"/>, in a new directory of its own beside the context's.</summary>
    public static MediaDriver LaunchEmbedded(Context ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        ctx.AeronDirectoryName($"{ctx.AeronDirectoryName()}-{Guid.NewGuid():N}");
        return Launch(ctx);
    }

    /// <summary>
    /// Deletes what a dead driver left in a directory. False, and nothing is touched, where a driver lives or is
    /// starting, in whatever container, and where none ever was.
    /// </summary>
    public static bool TryDeleteAbandoned(string directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        return DriverDirectory.TryDeleteAbandoned(directory);
    }

    /// <summary>Runs the driver when it has no thread of its own; null otherwise.</summary>
    public AgentInvoker? SharedAgentInvoker() => _invoker;

    /// <summary>Stops the driver and, unless told otherwise, deletes its directory.</summary>
    public void Dispose()
    {
        _runner?.Dispose();
        _invoker?.Dispose();
    }
}
