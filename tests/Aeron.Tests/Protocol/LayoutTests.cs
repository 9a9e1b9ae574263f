using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;
using ExecutionPipeline.Aeron.Protocol.Command;

namespace ExecutionPipeline.Aeron.Tests.Protocol;

/// <summary>Every offset of what crosses a process boundary, as Aeron 1.51 has it.</summary>
public sealed class LayoutTests
{
    [Test]
    public void ShouldLayOutFramesAsAeronDoes() => Assert.That(
        new[]
        {
            HeaderFlyweight.FrameLengthFieldOffset, HeaderFlyweight.VersionFieldOffset,
            HeaderFlyweight.FlagsFieldOffset, HeaderFlyweight.TypeFieldOffset,
            DataHeaderFlyweight.TermOffsetFieldOffset, DataHeaderFlyweight.SessionIdFieldOffset,
            DataHeaderFlyweight.StreamIdFieldOffset, DataHeaderFlyweight.TermIdFieldOffset,
            DataHeaderFlyweight.ReservedValueOffset, DataHeaderFlyweight.HEADER_LENGTH,
            FrameDescriptor.FrameAlignment, FrameDescriptor.Unfragmented,
        },
        Is.EqualTo(new[] { 0, 4, 5, 6, 8, 12, 16, 20, 24, 32, 32, 192 }));

    [Test]
    public void ShouldLayOutLogMetaDataAsAeronDoes() => Assert.That(
        new[]
        {
            LogBufferDescriptor.TermTailCountersOffset, LogBufferDescriptor.LogActiveTermCountOffset,
            LogBufferDescriptor.LogEndOfStreamPositionOffset, LogBufferDescriptor.LogIsConnectedOffset,
            LogBufferDescriptor.LogActiveTransportCountOffset, LogBufferDescriptor.LogCorrelationIdOffset,
            LogBufferDescriptor.LogInitialTermIdOffset, LogBufferDescriptor.LogDefaultFrameHeaderLengthOffset,
            LogBufferDescriptor.LogMtuLengthOffset, LogBufferDescriptor.LogTermLengthOffset,
            LogBufferDescriptor.LogPageSizeOffset, LogBufferDescriptor.LogPublicationWindowLengthOffset,
            LogBufferDescriptor.LogMaxResendOffset, LogBufferDescriptor.LogDefaultFrameHeaderOffset,
            LogBufferDescriptor.LogEntityTagOffset, LogBufferDescriptor.LogResponseCorrelationIdOffset,
            LogBufferDescriptor.LogLingerTimeoutNsOffset, LogBufferDescriptor.LogUntetheredWindowLimitTimeoutNsOffset,
            LogBufferDescriptor.LogUntetheredRestingTimeoutNsOffset, LogBufferDescriptor.LogGroupOffset,
            LogBufferDescriptor.LogIsResponseOffset, LogBufferDescriptor.LogRejoinOffset,
            LogBufferDescriptor.LogReliableOffset, LogBufferDescriptor.LogSparseOffset,
            LogBufferDescriptor.LogSignalEosOffset, LogBufferDescriptor.LogSpiesSimulateConnectionOffset,
            LogBufferDescriptor.LogTetherOffset, LogBufferDescriptor.LogIsPublicationRevokedOffset,
            LogBufferDescriptor.LogTypeOffset, LogBufferDescriptor.LogUntetheredLingerTimeoutNsOffset,
            LogBufferDescriptor.LogMetaDataLength,
        },
        Is.EqualTo(new[]
        {
            0, 24, 128, 136, 140, 256, 264, 268, 272, 276, 280, 284, 316, 320, 448, 456, 464, 472, 480, 488, 489, 490,
            491, 492, 493, 494, 495, 496, 497, 500, 4096,
        }));

    [Test]
    public void ShouldLayOutTheCncFileAsAeronDoes() => Assert.That(
        new[]
        {
            CncFileDescriptor.CncVersionFieldOffset, CncFileDescriptor.ToDriverBufferLengthFieldOffset,
            CncFileDescriptor.ToClientsBufferLengthFieldOffset,
            CncFileDescriptor.CountersMetadataBufferLengthFieldOffset,
            CncFileDescriptor.CountersValuesBufferLengthFieldOffset,
            CncFileDescriptor.ErrorLogBufferLengthFieldOffset, CncFileDescriptor.ClientLivenessTimeoutFieldOffset,
            CncFileDescriptor.StartTimestampFieldOffset, CncFileDescriptor.PidFieldOffset,
            CncFileDescriptor.FilePageSizeFieldOffset, CncFileDescriptor.MetaDataLength, CncFileDescriptor.CncVersion,
        },
        Is.EqualTo(new[] { 0, 4, 8, 12, 16, 20, 24, 32, 40, 48, 128, 512 }));

    [Test]
    public void ShouldLayOutBuffersAsAgronaDoes() => Assert.That(
        new[]
        {
            RingBufferDescriptor.TailPositionOffset, RingBufferDescriptor.HeadCachePositionOffset,
            RingBufferDescriptor.HeadPositionOffset, RingBufferDescriptor.CorrelationCounterOffset,
            RingBufferDescriptor.ConsumerHeartbeatOffset, RingBufferDescriptor.TrailerLength,
            BroadcastBufferDescriptor.TailIntentCounterOffset, BroadcastBufferDescriptor.TailCounterOffset,
            BroadcastBufferDescriptor.LatestCounterOffset, BroadcastBufferDescriptor.TrailerLength,
            RecordDescriptor.LengthOffset, RecordDescriptor.TypeOffset, RecordDescriptor.HeaderLength,
            CountersDescriptor.RegistrationIdOffset, CountersDescriptor.OwnerIdOffset,
            CountersDescriptor.ReferenceIdOffset, CountersDescriptor.CounterLength, CountersDescriptor.TypeIdOffset,
            CountersDescriptor.FreeForReuseDeadlineOffset, CountersDescriptor.KeyOffset,
            CountersDescriptor.LabelOffset, CountersDescriptor.MaxLabelLength, CountersDescriptor.MaxKeyLength,
            CountersDescriptor.MetaDataLength, ErrorLogDescriptor.LengthOffset,
            ErrorLogDescriptor.ObservationCountOffset, ErrorLogDescriptor.LastObservationTimestampOffset,
            ErrorLogDescriptor.FirstObservationTimestampOffset, ErrorLogDescriptor.EncodedErrorOffset,
        },
        Is.EqualTo(new[]
        {
            128, 256, 384, 512, 640, 768, 0, 8, 16, 128, 0, 4, 8, 8, 16, 24, 128, 4, 8, 16, 128, 380, 112, 512, 0, 4, 8,
            16, 24,
        }));

    [Test]
    public void ShouldLayOutCommandsAsAeronDoes() => Assert.That(
        new[]
        {
            CorrelatedMessageFlyweight.ClientIdOffset, CorrelatedMessageFlyweight.CorrelationIdOffset,
            PublicationMessageFlyweight.StreamIdOffset, PublicationMessageFlyweight.ChannelOffset,
            SubscriptionMessageFlyweight.RegistrationCorrelationIdOffset, SubscriptionMessageFlyweight.StreamIdOffset,
            SubscriptionMessageFlyweight.ChannelOffset, RemoveMessageFlyweight.RegistrationIdOffset,
            RemoveMessageFlyweight.FlagsOffset, CounterMessageFlyweight.RegistrationIdOffset,
            TerminateDriverFlyweight.TokenOffset, RejectImageFlyweight.ImageCorrelationIdOffset,
            RejectImageFlyweight.PositionOffset, RejectImageFlyweight.ReasonOffset,
            NextSessionIdMessageFlyweight.StreamIdOffset, DestinationMessageFlyweight.ChannelOffset,
        },
        Is.EqualTo(new[] { 0, 8, 16, 20, 16, 24, 28, 16, 24, 16, 16, 16, 24, 32, 16, 24 }));

    [Test]
    public void ShouldLayOutAnswersAsAeronDoes() => Assert.That(
        new[]
        {
            ErrorResponseFlyweight.ErrorCodeValueOffset, ErrorResponseFlyweight.ErrorMessageOffset,
            PublicationBuffersReadyFlyweight.RegistrationIdOffset, PublicationBuffersReadyFlyweight.SessionIdOffset,
            PublicationBuffersReadyFlyweight.StreamIdOffset,
            PublicationBuffersReadyFlyweight.PublicationLimitCounterIdOffset,
            PublicationBuffersReadyFlyweight.ChannelStatusCounterIdOffset,
            PublicationBuffersReadyFlyweight.LogFileNameOffset, SubscriptionReadyFlyweight.ChannelStatusCounterIdOffset,
            ImageBuffersReadyFlyweight.SessionIdOffset, ImageBuffersReadyFlyweight.StreamIdOffset,
            ImageBuffersReadyFlyweight.SubscriptionRegistrationIdOffset,
            ImageBuffersReadyFlyweight.SubscriberPositionIdOffset, ImageBuffersReadyFlyweight.LogFileNameOffset,
            ImageMessageFlyweight.SubscriptionRegistrationIdOffset, ImageMessageFlyweight.StreamIdOffset,
            ImageMessageFlyweight.ChannelOffset, CounterUpdateFlyweight.CounterIdOffset,
            NextAvailableSessionIdFlyweight.NextSessionIdOffset, PublicationErrorFrameFlyweight.ErrorMessageOffset,
        },
        Is.EqualTo(new[] { 8, 12, 8, 16, 20, 24, 28, 32, 8, 8, 12, 16, 24, 28, 8, 16, 20, 8, 8, 64 }));

    [TestCase(0, "")]
    [TestCase(3, "label of some length")]
    [TestCase(112, "x")]
    public void ShouldReadBackCountersWhenKeysNeedPadding(int keyLength, string label)
    {
        var buffer = new UnsafeBuffer(new byte[1024]);
        var key = Enumerable.Range(1, keyLength).Select(i => (byte)i).ToArray();
        foreach (var isStatic in new[] { false, true })
        {
            var message = new CounterMessageFlyweight(isStatic);
            message.Wrap(buffer);
            message.TypeId = 9;
            message.SetKey(key);
            message.Label = label;
            Assert.That(message.EncodedLength, Is.EqualTo(
                (isStatic ? 32 : 24) + BitUtil.Align(keyLength, 4) + 4 + label.Length));
            message.Wrap(buffer, 0, message.EncodedLength);
            Assert.That(message.Key.ToArray(), Is.EqualTo(key));
            Assert.That(message.Label, Is.EqualTo(label));
        }
    }

    [Test]
    public void ShouldRefuseACommandWhenALengthExceedsIt([Values(-1, 1, int.MaxValue)] int channelLength)
    {
        var buffer = new UnsafeBuffer(new byte[64]);
        var message = new PublicationMessageFlyweight();
        message.Wrap(buffer, 0, PublicationMessageFlyweight.FixedLength);
        buffer.PutInt(PublicationMessageFlyweight.ChannelOffset, channelLength);
        Assert.That(() => message.Channel, Throws.TypeOf<ControlProtocolException>()
            .With.Property(nameof(ControlProtocolException.ErrorCode)).EqualTo(ErrorCode.MALFORMED_COMMAND));
        Assert.That(
            () => message.Wrap(buffer, 0, PublicationMessageFlyweight.FixedLength - 1),
            Throws.TypeOf<ControlProtocolException>());
    }
}
