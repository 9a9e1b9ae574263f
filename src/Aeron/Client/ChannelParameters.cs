using static ExecutionPipeline.Aeron.Client.ChannelParameterNames;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>
/// The parameters that a channel can have. All that official drivers know pass, those too that a stream within the
/// machine has no use for; a mistyped one would be ignored silently, so it is refused.
/// </summary>
public static class ChannelParameters
{
    private static readonly string[] Known =
    [
        ENDPOINT_PARAM_NAME, INTERFACE_PARAM_NAME, INITIAL_TERM_ID_PARAM_NAME, TERM_ID_PARAM_NAME,
        TERM_OFFSET_PARAM_NAME, TERM_LENGTH_PARAM_NAME, MTU_LENGTH_PARAM_NAME, TTL_PARAM_NAME, MDC_CONTROL_PARAM_NAME,
        MDC_CONTROL_MODE_PARAM_NAME, SESSION_ID_PARAM_NAME, LINGER_PARAM_NAME, RELIABLE_STREAM_PARAM_NAME,
        TAGS_PARAM_NAME, SPARSE_PARAM_NAME, ALIAS_PARAM_NAME, EOS_PARAM_NAME, TETHER_PARAM_NAME, GROUP_PARAM_NAME,
        REJOIN_PARAM_NAME, CONGESTION_CONTROL_PARAM_NAME, FLOW_CONTROL_PARAM_NAME, GROUP_TAG_PARAM_NAME,
        SPIES_SIMULATE_CONNECTION_PARAM_NAME, SOCKET_SNDBUF_PARAM_NAME, SOCKET_RCVBUF_PARAM_NAME,
        RECEIVER_WINDOW_LENGTH_PARAM_NAME, MEDIA_RCV_TIMESTAMP_OFFSET_PARAM_NAME,
        CHANNEL_RECEIVE_TIMESTAMP_OFFSET_PARAM_NAME, CHANNEL_SEND_TIMESTAMP_OFFSET_PARAM_NAME,
        RESPONSE_ENDPOINT_PARAM_NAME, RESPONSE_CORRELATION_ID_PARAM_NAME, NAK_DELAY_PARAM_NAME,
        UNTETHERED_WINDOW_LIMIT_TIMEOUT_PARAM_NAME, UNTETHERED_LINGER_TIMEOUT_PARAM_NAME,
        UNTETHERED_RESTING_TIMEOUT_PARAM_NAME, MAX_RESEND_PARAM_NAME, STREAM_ID_PARAM_NAME,
        PUBLICATION_WINDOW_LENGTH_PARAM_NAME,
    ];

    /// <summary>Gives the channel back.</summary>
    /// <exception cref="ArgumentException">A parameter does not exist; the message names the nearest.</exception>
    public static ChannelUri Check(ChannelUri uri)
    {
        uri.ForEachParameter((key, _) =>
        {
            if (!Known.Contains(key))
                throw new ArgumentException(
                    $"unknown parameter '{key}' in {uri}: the nearest that exists is '{NearestTo(key)}'");
        });
        return uri;
    }

    private static string NearestTo(string key) => Known.MinBy(name => Edits(key, name))!;

    /// <summary>Insertions, deletions and replacements that turn one word into the other.</summary>
    private static int Edits(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 0; i < left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i + 1;
            for (var j = 0; j < right.Length; j++)
            {
                var replaced = diagonal + (left[i] == right[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, Math.Min(row[j], diagonal) + 1);
            }
        }

        return row[^1];
    }
}
