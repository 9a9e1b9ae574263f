using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Driver;

/// <summary>
/// A media driver for streams within a machine, in pure .NET. Clients of any language find it by its directory. For
/// streams over a network start an official driver instead.
/// </summary>
public sealed class MediaDriver : IDisposable
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

    /// <summary>
    /// Starts a driver. Clients can connect as soon as this returns. Where an official driver died in the directory,
    /// it is watched for 2.5 s before its files are deleted.
    /// </summary>
    /// <exception cref="ActiveDriverException">A driver is running in the directory.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory is not this user's alone.</exception>
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
        return DriverDirectory.TryDeleteAbandoned(new Context().AeronDirectoryName(directory));
    }

    /// <summary>Runs the driver when it has no thread of its own; null otherwise.</summary>
    public AgentInvoker? SharedAgentInvoker() => _invoker;

    /// <summary>Stops the driver and, unless told otherwise, deletes its directory.</summary>
    public void Dispose()
    {
        _runner?.Dispose();
        _invoker?.Dispose();
    }

    /// <summary>
    /// How to run: set what is to differ from the defaults, then hand it to <see cref="Launch(Context)"/>.
    /// </summary>
    public sealed class Context : DriverSettings
    {
        private const int MaxUdpPayloadLength = 65504;
        private const long MaxCncLength = int.MaxValue;

        private int _isConcluded;

        /// <summary>Throws unless a frame can have this many bytes.</summary>
        internal static void CheckMtuLength(long mtuLength)
        {
            if (mtuLength <= DataHeaderFlyweight.HEADER_LENGTH || mtuLength > MaxUdpPayloadLength)
                throw new ArgumentException(
                    $"mtuLength must be a > HEADER_LENGTH={DataHeaderFlyweight.HEADER_LENGTH} and "
                    + $"<= MAX_UDP_PAYLOAD_LENGTH={MaxUdpPayloadLength}: mtuLength={mtuLength}");

            if (!FrameDescriptor.IsFrameAligned((int)mtuLength))
                throw new ArgumentException($"mtuLength must be a multiple of FRAME_ALIGNMENT: mtuLength={mtuLength}");
        }

        /// <summary>
        /// How far a publisher may be ahead of its slowest subscriber, in bytes: half a term unless set.
        /// </summary>
        internal int ProducerWindowLength(int termLength) => IpcPublicationTermWindowLength() > 0
            ? Math.Min(IpcPublicationTermWindowLength(), termLength / 2)
            : termLength / 2;

        internal CncFileLayout CncLayout() => new()
        {
            ToDriverBufferLength = ConductorBufferLength(),
            ToClientsBufferLength = ToClientsBufferLength(),
            CountersValuesBufferLength = CounterValuesBufferLength(),
            ErrorLogBufferLength = ErrorBufferLength(),
            ClientLivenessTimeoutNs = ClientLivenessTimeoutNs(),
            StartTimestampMs = EpochClock().Time(),
            FilePageSize = FilePageSize(),
        };

        internal void Conclude()
        {
            if (Interlocked.Exchange(ref _isConcluded, 1) != 0)
                throw new InvalidOperationException("the context belongs to another driver already");

            RingBufferDescriptor.CheckCapacity(ConductorBufferLength());
            BroadcastBufferDescriptor.CheckCapacity(ToClientsBufferLength());
            LogBufferDescriptor.CheckTermLength(IpcTermBufferLength());
            LogBufferDescriptor.CheckPageSize(FilePageSize());
            CheckMtuLength(IpcMtuLength());
            if (!BitUtil.IsPowerOfTwo(CounterValuesBufferLength()) || CounterValuesBufferLength() < 64 * 1024)
                throw new ArgumentException(
                    $"CounterValuesBufferLength must be a power of two from 65536: {CounterValuesBufferLength()}");

            if (CncLayout().ComputeFileLength() > MaxCncLength)
                throw new ArgumentException("the buffers' lengths add up to more than 2 GiB: set smaller ones");

            if (ClientLivenessTimeoutNs() <= TimerIntervalNs())
                throw new ArgumentException(
                    $"ClientLivenessTimeoutNs={ClientLivenessTimeoutNs()} must exceed "
                    + $"TimerIntervalNs={TimerIntervalNs()}");

            if (PublicationUnblockTimeoutNs() <= ClientLivenessTimeoutNs())
                throw new ArgumentException(
                    $"PublicationUnblockTimeoutNs={PublicationUnblockTimeoutNs()} must exceed "
                    + $"ClientLivenessTimeoutNs={ClientLivenessTimeoutNs()}");
        }
    }
}
