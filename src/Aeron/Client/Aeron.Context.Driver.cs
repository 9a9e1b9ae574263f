using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;
using ExecutionPipeline.Aeron.Protocol.Command;

namespace ExecutionPipeline.Aeron.Client;

public sealed partial class Aeron
{
    /// <content>What a context knows of its driver, and what can be asked of a driver without connecting.</content>
    public sealed partial class Context
    {
        /// <summary>True once a client was connected with this context.</summary>
        public bool IsConcluded => Volatile.Read(ref _isConcluded) != 0;

        /// <summary>True when a driver in a directory has shown life within a time.</summary>
        /// <param name="directory">The driver's directory.</param>
        /// <param name="driverTimeoutMs">How long it may have been silent, in milliseconds.</param>
        /// <param name="logger">Is told what is found.</param>
        public static bool IsDriverActive(DirectoryInfo directory, long driverTimeoutMs, Action<string> logger)
        {
            ArgumentNullException.ThrowIfNull(directory);
            ArgumentNullException.ThrowIfNull(logger);
            using var cncFile = TryMap(Path.Combine(directory.FullName, CncFileDescriptor.CNC_FILE));
            if (cncFile is null)
                return false;

            logger($"INFO: Aeron CnC file {cncFile.Path} exists");
            var heartbeatMs = new ManyToOneRingBuffer(cncFile.ToDriverBuffer).ConsumerHeartbeatTime;
            var nowMs = SystemEpochClock.INSTANCE.Time();
            logger($"INFO: Aeron toDriver consumer heartbeat is (ms): {nowMs - heartbeatMs}");
            return HasActiveDriver(cncFile, nowMs, driverTimeoutMs);
        }

        /// <summary>
        /// Asks a driver to end, which it does if it trusts the token. False when there is no driver, or its ring is
        /// full.
        /// </summary>
        public static bool RequestDriverTermination(
            DirectoryInfo directory, IDirectBuffer? tokenBuffer, int tokenOffset, int tokenLength)
        {
            ArgumentNullException.ThrowIfNull(directory);
            using var cncFile = TryMap(Path.Combine(directory.FullName, CncFileDescriptor.CNC_FILE));
            if (cncFile is null)
                return false;

            var toDriver = new ManyToOneRingBuffer(cncFile.ToDriverBuffer);
            var message = new UnsafeBuffer(new byte[toDriver.MaxMsgLength]);
            var terminate = new TerminateDriverFlyweight();
            terminate.Wrap(message);
            terminate.ClientId = toDriver.NextCorrelationId();
            terminate.CorrelationId = NULL_VALUE;
            terminate.SetToken(tokenBuffer is null ? default : tokenBuffer.AsSpan(tokenOffset, tokenLength));
            return toDriver.TryWrite(ControlProtocolEvents.TerminateDriver, message, 0, terminate.EncodedLength);
        }

        /// <summary>As the static method, for this context's directory.</summary>
        public bool IsDriverActive(long driverTimeoutMs, Action<string> logger) =>
            IsDriverActive(AeronDirectory(), driverTimeoutMs, logger);

        /// <summary>The driver's directory.</summary>
        public DirectoryInfo AeronDirectory() => new(Path.GetFullPath(_aeronDirectoryName));

        /// <summary>The driver's command-and-control file.</summary>
        public FileInfo CncFile() => new(Path.Combine(_aeronDirectoryName, CncFileDescriptor.CNC_FILE));

        /// <summary>Deletes the driver's directory, which no driver may be using.</summary>
        public void DeleteAeronDirectory()
        {
            var directory = AeronDirectory();
            if (directory.Exists)
                directory.Delete(recursive: true);
        }

        /// <summary>The client's number at its driver, -1 until it is connected.</summary>
        public long ClientId() => _clientId;

        /// <summary>How long the conductor may not run before the driver gives it up, in nanoseconds.</summary>
        public long InterServiceTimeoutNs() => Concluded().ClientLivenessTimeoutNs;

        /// <summary>The page size that the driver aligns files to.</summary>
        public int FilePageSize() => Concluded().FilePageSize;

        /// <summary>What the counters are.</summary>
        public UnsafeBuffer CountersMetaDataBuffer() => Concluded().CountersMetaDataBuffer;

        /// <summary>The counters' values.</summary>
        public UnsafeBuffer CountersValuesBuffer() => Concluded().CountersValuesBuffer;

        /// <summary>Writes the driver's distinct errors; returns how many there are.</summary>
        public int SaveErrorLog(TextWriter writer)
        {
            using var cncFile = TryMap(CncFile().FullName);
            return cncFile is null ? 0 : PrintErrorLog(cncFile.ErrorLogBuffer, writer);
        }

        /// <summary>Writes the distinct errors of a buffer; returns how many there are.</summary>
        public static int PrintErrorLog(UnsafeBuffer errorBuffer, TextWriter output)
        {
            ArgumentNullException.ThrowIfNull(output);
            var count = ErrorLogReader.Read(
                errorBuffer,
                (observations, firstMs, lastMs, error) =>
                {
                    output.WriteLine($"{observations} observations from {Utc(firstMs)} to {Utc(lastMs)} for:");
                    output.WriteLine(error);
                });
            output.WriteLine($"{count} distinct errors observed.");
            return count;

            static string Utc(long timeMs) => DateTimeOffset.FromUnixTimeMilliseconds(timeMs).ToString("O");
        }

        /// <summary>A context with the same settings.</summary>
        public Context Clone() => (Context)MemberwiseClone();

        internal void SetClientId(long clientId) => _clientId = clientId;

        private CncFile Concluded() =>
            _cncFile ?? throw new InvalidOperationException("the context has not been connected with");
    }
}
