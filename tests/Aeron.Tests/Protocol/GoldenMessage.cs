using System.Text.Json;

namespace ExecutionPipeline.Aeron.Tests.Protocol;

/// <summary>The messages of the golden files.</summary>
internal static class GoldenMessage
{
    /// <summary>A message's bytes.</summary>
    public static byte[] Payload(JsonElement message, JsonElement stream)
    {
        var index = message.GetProperty("index").GetInt32();
        var streamId = stream.GetProperty("stream_id").GetInt32();
        var payload = new byte[message.GetProperty("length").GetInt32()];
        for (var x = 0; x < payload.Length; x++)
            payload[x] = (byte)(x * 31 + index * 7 + streamId);

        return payload;
    }
}
