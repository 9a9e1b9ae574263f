using System.Text.Json;
using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Tests.Protocol;

public sealed class GoldenFilesTests
{
    private GoldenFiles _golden = null!;

    [OneTimeSetUp]
    public void Open() => _golden = GoldenFiles.Open();

    [OneTimeTearDown]
    public void Close() => _golden?.Dispose();

    [Test]
    public void ShouldReadEveryCounterOfTheOfficialDriver()
    {
        using var cncFile = CncFile.Map(_golden.PathOf("cnc.dat"), isReadOnly: true)!;
        var reader = new CountersReader(cncFile.CountersMetaDataBuffer, cncFile.CountersValuesBuffer);
        var actual = new List<(int, int, long, long, string)>();
        reader.ForEach((id, typeId, _, label) => actual.Add(
            (id, typeId, reader.GetCounterRegistrationId(id), reader.GetCounterOwnerId(id), label)));

        var expected = _golden.Expected.RootElement.GetProperty("counters").EnumerateArray().Select(counter => (
            counter.GetProperty("id").GetInt32(),
            counter.GetProperty("type_id").GetInt32(),
            counter.GetProperty("registration_id").GetInt64(),
            counter.GetProperty("owner_id").GetInt64(),
            counter.GetProperty("label").GetString()!));
        Assert.That(actual, Is.EqualTo(expected));
    }

    [Test]
    public void ShouldReadTheCommandAndControlFileOfTheOfficialDriver()
    {
        using var cncFile = CncFile.Map(_golden.PathOf("cnc.dat"), isReadOnly: true)!;
        var toDriver = new ManyToOneRingBuffer(cncFile.ToDriverBuffer);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(cncFile.ClientLivenessTimeoutNs, Is.EqualTo(10_000_000_000));
            Assert.That(cncFile.FilePageSize, Is.EqualTo(4096));
            Assert.That(cncFile.Pid, Is.Positive);
            Assert.That(toDriver.ConsumerHeartbeatTime, Is.GreaterThanOrEqualTo(cncFile.StartTimestampMs));
            Assert.That(toDriver.ConsumerPosition, Is.EqualTo(toDriver.ProducerPosition));
        }
    }

    [Test]
    public void ShouldReadTheErrorsOfTheOfficialDriver()
    {
        using var cncFile = CncFile.Map(_golden.PathOf("cnc.dat"), isReadOnly: true)!;
        var texts = new List<string>();
        ErrorLogReader.Read(cncFile.ErrorLogBuffer, (_, _, _, text) => texts.Add(text));
        // The client was told "ERROR - CLASS : MESSAGE, errorCodeValue=N"; the log has the stack of the same.
        var told = _golden.Expected.RootElement.GetProperty("bad_uri_error").GetString()!;
        var start = told.IndexOf(" : ", StringComparison.Ordinal) + 3;
        var message = told[start..told.IndexOf(", errorCode", StringComparison.Ordinal)];
        Assert.That(texts, Has.Count.EqualTo(1));
        Assert.That(texts[0], Does.Contain(message));
    }

    [Test]
    public void ShouldReadEveryLogOfTheOfficialDriver()
    {
        foreach (var stream in _golden.Streams)
        {
            using var log = LogBuffers.Open(_golden.PathOf(stream.GetProperty("log_file").GetString()!));
            var metaData = log.MetaDataBuffer;
            var rawTail = LogBufferDescriptor.RawTailVolatile(metaData);
            var initialTermId = stream.GetProperty("initial_term_id").GetInt32();
            var termLength = stream.GetProperty("term_length").GetInt32();
            var position = LogBufferDescriptor.ComputePosition(
                LogBufferDescriptor.TermId(rawTail),
                LogBufferDescriptor.TermOffset(rawTail, termLength),
                LogBufferDescriptor.PositionBitsToShift(termLength),
                initialTermId);
            using (Assert.EnterMultipleScope())
            {
                Assert.That(log.TermLength, Is.EqualTo(termLength));
                Assert.That(LogBufferDescriptor.InitialTermId(metaData), Is.EqualTo(initialTermId));
                Assert.That(position, Is.EqualTo(stream.GetProperty("position").GetInt64()));
                Assert.That(
                    LogBufferDescriptor.MtuLength(metaData) - DataHeaderFlyweight.HEADER_LENGTH,
                    Is.EqualTo(stream.GetProperty("max_payload_length").GetInt32()));
                Assert.That(
                    FrameDescriptor.ComputeMaxMessageLength(termLength),
                    Is.EqualTo(stream.GetProperty("max_message_length").GetInt32()));
                Assert.That(
                    metaData.GetByte(LogBufferDescriptor.LogTypeOffset) == LogBufferDescriptor.TypeExclusivePublication,
                    Is.EqualTo(stream.GetProperty("exclusive").GetBoolean()));
                Assert.That(
                    metaData.GetLong(LogBufferDescriptor.LogCorrelationIdOffset),
                    Is.EqualTo(stream.GetProperty("registration_id").GetInt64()));
            }

            CheckFramesThatAreLeft(log, stream);
        }
    }

    /// <summary>The driver zeroes what all subscribers have read; what is left must be as it was sent.</summary>
    private static void CheckFramesThatAreLeft(LogBuffers log, JsonElement stream)
    {
        var messages = stream.GetProperty("messages").EnumerateArray().ToArray();
        var bits = LogBufferDescriptor.PositionBitsToShift(log.TermLength);
        for (var position = 0L; position < stream.GetProperty("position").GetInt64();)
        {
            var term = log.TermBuffers[LogBufferDescriptor.IndexByPosition(position, bits)];
            var offset = (int)position & (log.TermLength - 1);
            var length = FrameDescriptor.FrameLengthVolatile(term, offset);
            if (length == 0)
            {
                position += FrameDescriptor.FrameAlignment;
                continue;
            }

            position += BitUtil.Align(length, FrameDescriptor.FrameAlignment);
            var message = messages.Single(candidate => candidate.GetProperty("position_after").GetInt64() == position);
            var isPadding = FrameDescriptor.IsPaddingFrame(term, offset);
            Assert.That(isPadding, Is.EqualTo(message.GetProperty("aborted").GetBoolean()));
            Assert.That(
                term.GetInt(offset + DataHeaderFlyweight.SessionIdFieldOffset),
                Is.EqualTo(stream.GetProperty("session_id").GetInt32()));
            if (isPadding)
                continue;

            Assert.That(
                term.GetLong(offset + DataHeaderFlyweight.ReservedValueOffset),
                Is.EqualTo(message.GetProperty("reserved_value").GetInt64()));
            Assert.That(
                term.AsSpan(offset + DataHeaderFlyweight.HEADER_LENGTH, length - DataHeaderFlyweight.HEADER_LENGTH)
                    .ToArray(),
                Is.EqualTo(GoldenMessage.Payload(message, stream)));
        }
    }
}
