using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Client;

public sealed partial class Aeron
{
    /// <summary>
    /// How to connect: set what is to differ from the defaults, then hand it to <see cref="Connect(Context)"/>.
    /// </summary>
    public sealed partial class Context : IDisposable
    {
        /// <summary>The channel of streams within a machine.</summary>
        public const string IPC_CHANNEL = "aeron:ipc";

        /// <summary>The channel of streams over a network.</summary>
        public const string UDP_CHANNEL = "aeron:udp";

        /// <summary>The medium of streams within a machine.</summary>
        public const string IPC_MEDIA = "ipc";

        /// <summary>The medium of streams over a network.</summary>
        public const string UDP_MEDIA = "udp";

        /// <summary>How long a driver may be silent, in milliseconds.</summary>
        public const long DRIVER_TIMEOUT_MS = 10_000;

        /// <summary>The longest name of a client, in characters.</summary>
        public const int MAX_CLIENT_NAME_LENGTH = 100;

        private const long NanosPerMilli = 1_000_000;
        private const long ConductorIdleSleepNs = 16_000_000;
        private const long ConductorIdleSleepMaxNs = 1_000_000_000;

        private string _aeronDirectoryName = GetAeronDirectoryName();
        private string _clientName = "";
        private long _driverTimeoutMs = DRIVER_TIMEOUT_MS;
        private long _keepAliveIntervalNs = 500_000_000;
        private long _resourceLingerDurationNs = 3_000_000_000;
        private long _closeLingerDurationNs;
        private long _idleSleepDurationNs = ConductorIdleSleepNs;
        private bool _preTouchMappedMemory;
        private bool _useConductorAgentInvoker;
        private AgentInvoker? _driverAgentInvoker;
        private IIdleStrategy? _idleStrategy;
        private IIdleStrategy? _awaitingIdleStrategy;
        private IErrorHandler _errorHandler = new CallbackErrorHandler(WriteError);
        private IErrorHandler? _subscriberErrorHandler;
        private IEpochClock _epochClock = SystemEpochClock.INSTANCE;
        private INanoClock _nanoClock = SystemNanoClock.INSTANCE;
        private AvailableImageHandler? _availableImageHandler;
        private UnavailableImageHandler? _unavailableImageHandler;
        private AvailableCounterHandler? _availableCounterHandler;
        private UnavailableCounterHandler? _unavailableCounterHandler;
        private IPublicationErrorFrameHandler _publicationErrorFrameHandler = new NoOpPublicationErrorFrameHandler();
        private Action? _closeHandler;
        private CncFile? _cncFile;
        private long _clientId = NULL_VALUE;
        private int _isConcluded;

        /// <summary>
        /// Where drivers are by default: in shared memory where the system has it, under the user's name.
        /// </summary>
        public static string GetAeronDirectoryName()
        {
            var shared = OperatingSystem.IsLinux() && Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
            return Path.Combine(shared, $"aeron-{Environment.UserName}");
        }

        /// <summary>Does nothing: the client that was connected closes what it opened.</summary>
        public void Dispose()
        {
        }

        /// <summary>Waits for the driver and maps its file.</summary>
        internal CncFile Conclude()
        {
            if (Interlocked.Exchange(ref _isConcluded, 1) != 0)
                throw new ConcurrentConcludeException();

            CheckSettings();
            _idleStrategy ??= new SleepingIdleStrategy(_idleSleepDurationNs);
            _awaitingIdleStrategy ??= new SleepingIdleStrategy();
            var path = Path.Combine(_aeronDirectoryName, CncFileDescriptor.CNC_FILE);
            var deadlineNs = _nanoClock.NanoTime() + _driverTimeoutMs * NanosPerMilli;
            while (true)
            {
                var cncFile = TryMap(path);
                if (cncFile is not null && HasActiveDriver(cncFile, _epochClock.Time(), _driverTimeoutMs))
                    return Concluded(cncFile);

                var wasThere = cncFile is not null;
                cncFile?.Dispose();
                if (_nanoClock.NanoTime() - deadlineNs > 0)
                    throw new DriverTimeoutException(
                        wasThere ? $"no driver heartbeat detected: {path}" : $"CnC file not created: {path}");

                _driverAgentInvoker?.Invoke();
                _awaitingIdleStrategy.Idle();
            }
        }

        private static CncFile? TryMap(string path)
        {
            try
            {
                return Protocol.CncFile.Map(path);
            }
            catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
            {
                // A driver may be replacing the file at this moment.
                return null;
            }
        }

        private static void WriteError(Exception exception) => Console.Error.WriteLine(exception);

        // A living driver follows a step of the wall clock at once, so one ahead of it died before a step back.
        private static bool HasActiveDriver(CncFile cncFile, long nowMs, long timeoutMs)
        {
            var heartbeatMs = new ManyToOneRingBuffer(cncFile.ToDriverBuffer).ConsumerHeartbeatTime;
            return heartbeatMs > 0 && Math.Abs(nowMs - heartbeatMs) <= timeoutMs;
        }

        private void CheckSettings()
        {
            if (_clientName.Length > MAX_CLIENT_NAME_LENGTH)
                throw new ConfigurationException(
                    $"clientName of {_clientName.Length} characters exceeds {MAX_CLIENT_NAME_LENGTH}");

            if (_idleSleepDurationNs > ConductorIdleSleepMaxNs)
                throw new ConfigurationException(
                    $"idleSleepDurationNs={_idleSleepDurationNs} exceeds {ConductorIdleSleepMaxNs}");

            if (_driverAgentInvoker is not null && !_useConductorAgentInvoker)
                throw new ConfigurationException(
                    "UseConductorAgentInvoker(true) must go with DriverAgentInvoker: one thread runs both");
        }

        private CncFile Concluded(CncFile cncFile)
        {
            if (cncFile.ClientLivenessTimeoutNs <= _keepAliveIntervalNs)
            {
                var timeoutNs = cncFile.ClientLivenessTimeoutNs;
                cncFile.Dispose();
                throw new ConfigurationException(
                    $"keepAliveIntervalNs={_keepAliveIntervalNs} must be less than the driver's client liveness "
                    + $"timeout of {timeoutNs}");
            }

            _cncFile = cncFile;
            return cncFile;
        }
    }
}
