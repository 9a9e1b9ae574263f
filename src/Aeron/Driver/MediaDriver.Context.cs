using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;
using AeronClient = ExecutionPipeline.Aeron.Client.Aeron;

namespace ExecutionPipeline.Aeron.Driver;

public sealed partial class MediaDriver
{
    /// <summary>
    /// How to run: set what is to differ from the defaults, then hand it to <see cref="Launch(Context)"/>.
    /// </summary>
    public sealed partial class Context
    {
        private const int MaxUdpPayloadLength = 65504;
        private const long MaxCncLength = int.MaxValue;

        private string _aeronDirectoryName = AeronClient.Context.GetAeronDirectoryName();
        private bool _dirDeleteOnStart;
        private bool _dirDeleteOnShutdown = true;
        private ThreadingMode _threadingMode = Driver.ThreadingMode.SHARED;
        private IIdleStrategy? _sharedIdleStrategy;
        private int _conductorBufferLength = 1024 * 1024 + RingBufferDescriptor.TrailerLength;
        private int _toClientsBufferLength = 1024 * 1024 + BroadcastBufferDescriptor.TrailerLength;
        private int _counterValuesBufferLength = 1024 * 1024;
        private int _errorBufferLength = 1024 * 1024;
        private int _ipcTermBufferLength = 64 * 1024 * 1024;
        private int _ipcMtuLength = 1408;
        private int _ipcPublicationTermWindowLength;
        private int _filePageSize = LogBufferDescriptor.PageMinSize;
        private bool _termBufferSparseFile = true;
        private int _publicationReservedSessionIdLow = -1;
        private int _publicationReservedSessionIdHigh = 1000;
        private long _driverTimeoutMs = AeronClient.Context.DRIVER_TIMEOUT_MS;
        private long _clientLivenessTimeoutNs = 10_000_000_000;
        private long _imageLivenessTimeoutNs = 10_000_000_000;
        private long _publicationUnblockTimeoutNs = 15_000_000_000;
        private long _publicationLingerTimeoutNs = 5_000_000_000;
        private long _untetheredWindowLimitTimeoutNs = 5_000_000_000;
        private long _untetheredRestingTimeoutNs = 10_000_000_000;
        private long _timerIntervalNs = 1_000_000_000;
        private long _counterFreeToReuseTimeoutNs = 1_000_000_000;
        private long _conductorCycleThresholdNs = 100_000_000;
        private IErrorHandler? _errorHandler;
        private IEpochClock _epochClock = SystemEpochClock.INSTANCE;
        private INanoClock _nanoClock = SystemNanoClock.INSTANCE;
        private TerminationValidator _terminationValidator = _ => false;
        private Action? _terminationHook;
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
        internal int ProducerWindowLength(int termLength) => _ipcPublicationTermWindowLength > 0
            ? Math.Min(_ipcPublicationTermWindowLength, termLength / 2)
            : termLength / 2;

        internal CncFileLayout CncLayout() => new()
        {
            ToDriverBufferLength = _conductorBufferLength,
            ToClientsBufferLength = _toClientsBufferLength,
            CountersValuesBufferLength = _counterValuesBufferLength,
            ErrorLogBufferLength = _errorBufferLength,
            ClientLivenessTimeoutNs = _clientLivenessTimeoutNs,
            StartTimestampMs = _epochClock.Time(),
            FilePageSize = _filePageSize,
        };

        internal void Conclude()
        {
            if (Interlocked.Exchange(ref _isConcluded, 1) != 0)
                throw new InvalidOperationException("the context belongs to another driver already");

            RingBufferDescriptor.CheckCapacity(_conductorBufferLength);
            BroadcastBufferDescriptor.CheckCapacity(_toClientsBufferLength);
            LogBufferDescriptor.CheckTermLength(_ipcTermBufferLength);
            LogBufferDescriptor.CheckPageSize(_filePageSize);
            CheckMtuLength(_ipcMtuLength);
            if (!BitUtil.IsPowerOfTwo(_counterValuesBufferLength) || _counterValuesBufferLength < 64 * 1024)
                throw new ArgumentException(
                    $"CounterValuesBufferLength must be a power of two from 65536: {_counterValuesBufferLength}");

            if (CncLayout().ComputeFileLength() > MaxCncLength)
                throw new ArgumentException("the buffers' lengths add up to more than 2 GiB: set smaller ones");

            if (_clientLivenessTimeoutNs <= _timerIntervalNs)
                throw new ArgumentException(
                    $"ClientLivenessTimeoutNs={_clientLivenessTimeoutNs} must exceed "
                    + $"TimerIntervalNs={_timerIntervalNs}");

            if (_publicationUnblockTimeoutNs <= _clientLivenessTimeoutNs)
                throw new ArgumentException(
                    $"PublicationUnblockTimeoutNs={_publicationUnblockTimeoutNs} must exceed "
                    + $"ClientLivenessTimeoutNs={_clientLivenessTimeoutNs}");
        }
    }
}
