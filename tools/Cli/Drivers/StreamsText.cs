using ExecutionPipeline.Aeron.Monitoring;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Reports;
using AeronCounters = ExecutionPipeline.Aeron.Protocol.AeronCounters;

namespace ExecutionPipeline.Cli.Drivers;

/// <summary>The positions of streams as text: a line a stream, and under it a line for each of its parties.</summary>
public static class StreamsText
{
    /// <summary>Writes all streams of a driver.</summary>
    public static void Write(DriverMonitor monitor, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(monitor);
        ArgumentNullException.ThrowIfNull(output);
        var streams = monitor.Streams().GroupBy(position => (position.StreamId, position.SessionId)).ToList();
        foreach (var stream in streams)
        {
            output.WriteLine($"stream {stream.Key.StreamId} session {stream.Key.SessionId}");
            foreach (var position in stream)
                output.WriteLine(LineOf(position));
        }

        output.WriteLine($"{streams.Count} streams");
    }

    private static string LineOf(StreamPosition position)
    {
        var ahead = position.AheadBytes switch
        {
            0 => "",
            > 0 => $"window {ReportNames.Count(position.AheadBytes)}",
            _ => $"lag {ReportNames.Count(-position.AheadBytes)}",
        };
        return $"  {NameOf(position.TypeId),-8} {ReportNames.Count(position.Value),20} {ahead,-20} "
            + $"registration {position.RegistrationId} counter {position.CounterId} "
            + PrintableText.Escape(position.Channel);
    }

    private static string NameOf(int typeId) => typeId switch
    {
        AeronCounters.DriverPublisherPosTypeId => "pub-pos",
        AeronCounters.DriverPublisherLimitTypeId => "pub-lmt",
        AeronCounters.DriverSenderPositionTypeId => "snd-pos",
        AeronCounters.DriverSenderLimitTypeId => "snd-lmt",
        AeronCounters.DriverReceiverHwmTypeId => "rcv-hwm",
        AeronCounters.DriverReceiverPosTypeId => "rcv-pos",
        _ => "sub-pos",
    };
}
