using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Messages.Ingress;

/// <content>COMMAND.</content>
public sealed partial class MessageReader
{
    private const int CanaryShareMaxBps = 10_000;

    private bool TryReadCommand(
        ReadOnlySpan<byte> block, ref EventHeader header, ref EventPayload payload, ref Rejection rejection)
    {
        var message = new CommandDecoder(block);
        ref var command = ref payload.Command;
        header.Kind = EventKind.Command;
        header.CorrelationId = command.CommandId = message.CommandId;
        command.Kind = message.Kind;
        command.Reason = message.Reason;
        command.SendTimeNs = message.SendTimeNs;
        if (command.Kind is >= CommandKind.DeployModel and <= CommandKind.RollbackModel)
        {
            header.Kind = EventKind.Model;
            command.ModelVersion = (ulong)message.ModelPrefix << 32;
            command.CanaryShareBps = message.CanaryShareBps;
            if (!TryCheckModel(in command, ref rejection))
                return false;
        }
        else if (command.Kind is < CommandKind.Kill or > CommandKind.CloseAll)
        {
            FieldCheck.Note(RejectReason.UnknownCommand, RejectField.Kind, (double)command.Kind, ref rejection);
            return false;
        }

        // Negative reasons are the pipeline's own; what releases the kill switch must say why.
        if (command.Reason < (command.Kind == CommandKind.Resume ? 1 : 0))
        {
            FieldCheck.Note(RejectReason.OutOfRange, RejectField.Reason, command.Reason, ref rejection);
            return false;
        }

        return FieldCheck.IsId(command.CommandId, RejectField.CommandId, ref rejection) &&
            TryReadScope(message.InstrumentId, ref header, ref rejection) &&
            FieldCheck.IsTime(command.SendTimeNs, RejectField.SendTimeNs, ref rejection);
    }

    private static bool TryCheckModel(in Command command, ref Rejection rejection)
    {
        if (command.Kind is CommandKind.DeployModel or CommandKind.CanaryModel && command.ModelVersion == 0)
        {
            FieldCheck.Note(RejectReason.MissingId, RejectField.ModelPrefix, 0, ref rejection);
            return false;
        }

        if (command.Kind == CommandKind.CanaryModel && command.CanaryShareBps is not (> 0 and <= CanaryShareMaxBps))
        {
            FieldCheck.Note(RejectReason.OutOfRange, RejectField.CanaryShareBps, command.CanaryShareBps, ref rejection);
            return false;
        }

        return true;
    }

    private bool TryReadScope(uint instrumentId, ref EventHeader header, ref Rejection rejection)
    {
        header.InstrumentIndex = AllInstruments;
        return instrumentId == WireNull.UInt32 || TryReadInstrument(instrumentId, ref header, ref rejection);
    }
}
