using System.Globalization;
using System.Text;
using ExecutionPipeline.Aeron.Protocol;
using static ExecutionPipeline.Aeron.Client.ChannelParameterNames;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>
/// A channel: <c>aeron:ipc</c> or <c>aeron:udp</c>, and parameters after a question mark, as
/// <c>key=value</c> parted by bars.
/// </summary>
public sealed class ChannelUri : IEquatable<ChannelUri>
{
    /// <summary>The scheme of all channels.</summary>
    public const string AERON_SCHEME = "aeron";

    /// <summary>The scheme of channels that watch a publication over a network from within its driver.</summary>
    public const string SPY_QUALIFIER = "aeron-spy";

    /// <summary>The longest channel, in characters.</summary>
    public const int MAX_URI_LENGTH = 4095;

    /// <summary>No tag.</summary>
    public const long INVALID_TAG = Aeron.NULL_VALUE;

    private const string AeronPrefix = AERON_SCHEME + ":";

    private readonly Dictionary<string, string> _params;
    private string _prefix;
    private string _media;

    private ChannelUri(string prefix, string media, Dictionary<string, string> parameters)
    {
        _prefix = prefix;
        _media = media;
        _params = parameters;
    }

    /// <summary>True for a channel within a machine.</summary>
    public bool IsIpc => _media == IPC_MEDIA;

    /// <summary>True for a channel over a network.</summary>
    public bool IsUdp => _media == UDP_MEDIA;

    /// <summary>Reads a channel.</summary>
    /// <exception cref="ArgumentException">It is not one; the message says where.</exception>
    public static ChannelUri Parse(string uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        if (uri.Length > MAX_URI_LENGTH)
            throw new ArgumentException(
                $"URI length ({uri.Length}) exceeds max supported length ({MAX_URI_LENGTH}): {uri[..MAX_URI_LENGTH]}");

        if (uri.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            throw new ArgumentException($"URI holds characters other than printable ASCII: {uri}");

        var isSpy = uri.StartsWith(SPY_PREFIX, StringComparison.Ordinal);
        var rest = isSpy ? uri[SPY_PREFIX.Length..] : uri;
        if (!rest.StartsWith(AeronPrefix, StringComparison.Ordinal))
            throw new ArgumentException($"Aeron URIs must start with 'aeron:', found: {uri}");

        rest = rest[AeronPrefix.Length..];
        var question = rest.IndexOf('?', StringComparison.Ordinal);
        var media = question < 0 ? rest : rest[..question];
        CheckMedia(media, uri);
        var parameters = question < 0 ? [] : ParseParams(rest[(question + 1)..], uri);
        return new ChannelUri(isSpy ? SPY_QUALIFIER : "", media, parameters);
    }

    /// <summary>The qualifier before the scheme: empty, or that of a spy.</summary>
    public string Prefix() => _prefix;

    /// <summary>Sets the qualifier before the scheme.</summary>
    public ChannelUri Prefix(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        _prefix = prefix;
        return this;
    }

    /// <summary>The medium: ipc or udp.</summary>
    public string Media() => _media;

    /// <summary>Sets the medium.</summary>
    public ChannelUri Media(string media)
    {
        CheckMedia(media, ToString());
        _media = media;
        return this;
    }

    /// <summary>The scheme, which is the same for all.</summary>
    public string Scheme() => AERON_SCHEME;

    /// <summary>A parameter's value, or null.</summary>
    public string? Get(string key) => _params.GetValueOrDefault(key);

    /// <summary>A parameter's value, or the one given.</summary>
    public string Get(string key, string defaultValue) => _params.GetValueOrDefault(key, defaultValue);

    /// <summary>Sets a parameter; returns what it was before, or null.</summary>
    public string? Put(string key, string value)
    {
        var previous = Get(key);
        _params[key] = value;
        return previous;
    }

    /// <summary>Removes a parameter; returns its value, or null.</summary>
    public string? Remove(string key)
    {
        _params.Remove(key, out var value);
        return value;
    }

    /// <summary>True when a parameter is set.</summary>
    public bool ContainsKey(string key) => _params.ContainsKey(key);

    /// <summary>Hands every parameter over.</summary>
    public void ForEachParameter(Action<string, string> consumer)
    {
        ArgumentNullException.ThrowIfNull(consumer);
        foreach (var (key, value) in _params)
            consumer(key, value);
    }

    /// <summary>The channel's tag: the first of its tags, or null.</summary>
    public string? ChannelTag() => Tag(0);

    /// <summary>The publication's or subscription's tag: the second of the channel's tags, or null.</summary>
    public string? EntityTag() => Tag(1);

    /// <summary>Makes a publication start at a position.</summary>
    /// <exception cref="ArgumentException">No frame can begin there.</exception>
    public void InitialPosition(long position, int initialTermId, int termLength)
    {
        if (position < 0 || (position & (FrameDescriptor.FrameAlignment - 1)) != 0)
            throw new ArgumentException($"invalid position: {position}");

        var bitsToShift = LogBufferDescriptor.PositionBitsToShift(termLength);
        PutInt(INITIAL_TERM_ID_PARAM_NAME, initialTermId);
        PutInt(
            TERM_ID_PARAM_NAME, LogBufferDescriptor.ComputeTermIdFromPosition(position, bitsToShift, initialTermId));
        PutInt(TERM_OFFSET_PARAM_NAME, (int)(position & (termLength - 1)));
        PutInt(TERM_LENGTH_PARAM_NAME, termLength);
    }

    /// <summary>
    /// Puts the port that a driver chose in the place of port 0, or the whole endpoint where there is none.
    /// </summary>
    /// <exception cref="ArgumentException">The endpoint has no port, or port 0.</exception>
    public void ReplaceEndpointWildcardPort(string resolvedEndpoint)
    {
        ArgumentNullException.ThrowIfNull(resolvedEndpoint);
        var colon = resolvedEndpoint.LastIndexOf(':');
        if (colon < 0)
            throw new ArgumentException($"No port specified on resolvedEndpoint={resolvedEndpoint}");

        if (IsWildcard(resolvedEndpoint))
            throw new ArgumentException($"Wildcard port specified on resolvedEndpoint={resolvedEndpoint}");

        var existing = Get(ENDPOINT_PARAM_NAME);
        if (existing is null)
            Put(ENDPOINT_PARAM_NAME, resolvedEndpoint);
        else if (IsWildcard(existing))
            Put(ENDPOINT_PARAM_NAME, existing[..^2] + resolvedEndpoint[colon..]);
    }

    /// <summary>True for a channel of responses.</summary>
    public bool HasControlModeResponse() => Get(MDC_CONTROL_MODE_PARAM_NAME) == CONTROL_MODE_RESPONSE;

    /// <summary>Where this channel differs from another: this one's value and the other's, by parameter.</summary>
    public IDictionary<string, string> Diff(ChannelUri that)
    {
        ArgumentNullException.ThrowIfNull(that);
        var differences = new Dictionary<string, string>(StringComparer.Ordinal);
        Compare("prefix", _prefix, that._prefix);
        Compare("media", _media, that._media);
        foreach (var (key, value) in _params)
            Compare(key, value, that.Get(key));

        return differences;

        void Compare(string key, string mine, string? other)
        {
            if (mine != other)
                differences[key] = $"{mine} != {other}";
        }
    }

    /// <inheritdoc/>
    public bool Equals(ChannelUri? other) =>
        other is not null && _params.Count == other._params.Count && Diff(other).Count == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ChannelUri);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(
        _prefix, _media, _params.Aggregate(0, (hash, pair) => hash ^ HashCode.Combine(pair.Key, pair.Value)));

    /// <summary>The channel, as it is written.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        if (_prefix.Length > 0)
            text.Append(_prefix).Append(':');

        text.Append(AeronPrefix).Append(_media);
        var separator = '?';
        foreach (var (key, value) in _params)
        {
            text.Append(separator).Append(key).Append('=').Append(value);
            separator = '|';
        }

        return text.ToString();
    }

    internal static bool IsWildcard(string endpoint) => endpoint.EndsWith(":0", StringComparison.Ordinal);

    private static void CheckMedia(string media, string uri)
    {
        if (media is not (IPC_MEDIA or UDP_MEDIA))
            throw new ArgumentException($"unknown media '{media}', must be 'ipc' or 'udp': {uri}");
    }

    private static Dictionary<string, string> ParseParams(string text, string uri)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in text.Split('|'))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
                throw new ArgumentException($"parameter without a value, '{pair}', in {uri}");

            if (equals == 0)
                throw new ArgumentException($"empty key not allowed in {uri}");

            parameters[pair[..equals]] = pair[(equals + 1)..];
        }

        return parameters;
    }

    private string? Tag(int index) => Get(TAGS_PARAM_NAME)?.Split(',').ElementAtOrDefault(index);

    private void PutInt(string key, int value) => Put(key, value.ToString(CultureInfo.InvariantCulture));

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
