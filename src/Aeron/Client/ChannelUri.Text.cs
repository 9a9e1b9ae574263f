using System.Globalization;
using static ExecutionPipeline.Aeron.Client.Aeron.Context;

namespace ExecutionPipeline.Aeron.Client;

/// <content>What is done to channels as they are written.</content>
public sealed partial class ChannelUri
{
    /// <summary>A channel with a session.</summary>
    public static string AddSessionId(string channel, int sessionId)
    {
        var uri = Parse(channel);
        uri.PutInt(SESSION_ID_PARAM_NAME, sessionId);
        return uri.ToString();
    }

    /// <summary>A channel with an alias, unless it has one or the alias is empty.</summary>
    public static string AddAliasIfAbsent(string uri, string? alias)
    {
        if (string.IsNullOrEmpty(alias))
            return uri;

        var parsed = Parse(uri);
        if (parsed.ContainsKey(ALIAS_PARAM_NAME))
            return uri;

        parsed.Put(ALIAS_PARAM_NAME, alias);
        return parsed.ToString();
    }

    /// <summary>True for a value that is a tag.</summary>
    public static bool IsTagged(string paramValue)
    {
        ArgumentNullException.ThrowIfNull(paramValue);
        return paramValue.StartsWith(TAG_PREFIX, StringComparison.Ordinal);
    }

    /// <summary>The tag that a value is, or <see cref="INVALID_TAG"/> when it is none.</summary>
    /// <exception cref="FormatException">The tag is not a number.</exception>
    public static long GetTag(string paramValue) => IsTagged(paramValue)
        ? long.Parse(paramValue.AsSpan(TAG_PREFIX.Length), CultureInfo.InvariantCulture)
        : INVALID_TAG;

    /// <summary>The channel of an endpoint, with the medium and network interface of another channel.</summary>
    public static string CreateDestinationUri(string channel, string endpoint)
    {
        var uri = Parse(channel);
        var destination = $"{AeronPrefix}{uri.Media()}?{ENDPOINT_PARAM_NAME}={endpoint}";
        var networkInterface = uri.Get(INTERFACE_PARAM_NAME);
        return networkInterface is null
            ? destination
            : $"{destination}|{INTERFACE_PARAM_NAME}={networkInterface}";
    }

    /// <summary>True for a channel of responses.</summary>
    public static bool IsControlModeResponse(string channelUri) => Parse(channelUri).HasControlModeResponse();
}
