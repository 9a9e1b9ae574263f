using System.Globalization;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Audit.Recording;

/// <summary>Who gave a command, and why, in words.</summary>
internal static class CommandWords
{
    /// <summary>As a document's value.</summary>
    public static string GiverOf(in Command command) => command.Reason switch
    {
        CommandReason.Restart => "restart",
        CommandReason.ProcessSignal => "process_signal",
        CommandReason.Host => "host",
        < 0 => "pipeline",
        _ when command.OperatorId != 0 => "operator",
        _ => "unnamed_operator",
    };

    /// <summary>As a sentence's subject.</summary>
    public static string SubjectOf(in Command command) => command.Reason switch
    {
        CommandReason.Restart => "The pipeline, as it started again,",
        CommandReason.ProcessSignal => "A signal to the process",
        CommandReason.Host => "The pipeline's host",
        < 0 => "The pipeline itself",
        _ when command.OperatorId != 0 => string.Create(
            CultureInfo.InvariantCulture, $"Operator {command.OperatorId}"),
        _ => "An operator who gave no number",
    };

    /// <summary>As the end of a sentence, with a blank before it.</summary>
    public static string ReasonOf(in Command command) => command.Reason > 0
        ? string.Create(CultureInfo.InvariantCulture, $" for reason {command.Reason}")
        : "";
}
