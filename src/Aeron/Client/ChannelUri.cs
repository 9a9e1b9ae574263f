using System.Text;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>
/// A channel: <c>aeron:ipc</c> or <c>aeron:udp</c>, and parameters after a question mark, as
/// <c>key=value</c> parted by bars.
/// </summary>
public sealed class ChannelUri
{
    /// <summary>The scheme of all channels.</summary>
    public const string AERON_SCHEME = "aeron";

    /// <summary>The scheme of channels that watch a publication over a network from within its driver.</summary>
    public const string SPY_QUALIFIER = "aeron-spy";

    /// <summary>The longest channel, in characters.</summary>
    public const int MAX_URI_LENGTH = 4095;

    private const string AeronPrefix = AERON_SCHEME + ":";
    private const string SpyPrefix = SPY_QUALIFIER + ":";

    private readonly Dictionary<string, string> _params;

    private ChannelUri(string prefix, string media, Dictionary<string, string> parameters)
    {
        Prefix = prefix;
        Media = media;
        _params = parameters;
    }

    /// <summary>The qualifier before the scheme: empty, or that of a spy.</summary>
    public string Prefix { get; }

    /// <summary>The medium: ipc or udp.</summary>
    public string Media { get; }

    /// <summary>True for a channel within a machine.</summary>
    public bool IsIpc => Media == Aeron.Context.IPC_MEDIA;

    /// <summary>True for a channel over a network.</summary>
    public bool IsUdp => Media == Aeron.Context.UDP_MEDIA;

    /// <summary>The keys that are set.</summary>
    public IReadOnlyCollection<string> Keys => _params.Keys;

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

        var isSpy = uri.StartsWith(SpyPrefix, StringComparison.Ordinal);
        var rest = isSpy ? uri[SpyPrefix.Length..] : uri;
        if (!rest.StartsWith(AeronPrefix, StringComparison.Ordinal))
            throw new ArgumentException($"Aeron URIs must start with 'aeron:', found: {uri}");

        rest = rest[AeronPrefix.Length..];
        var question = rest.IndexOf('?', StringComparison.Ordinal);
        var media = question < 0 ? rest : rest[..question];
        if (media is not (Aeron.Context.IPC_MEDIA or Aeron.Context.UDP_MEDIA))
            throw new ArgumentException($"unknown media '{media}', must be 'ipc' or 'udp': {uri}");

        var parameters = question < 0 ? [] : ParseParams(rest[(question + 1)..], uri);
        return new ChannelUri(isSpy ? SPY_QUALIFIER : "", media, parameters);
    }

    /// <summary>A parameter's value, or null.</summary>
    public string? Get(string key) => _params.GetValueOrDefault(key);

    /// <summary>A parameter's value, or the one given.</summary>
    public string Get(string key, string defaultValue) => _params.GetValueOrDefault(key, defaultValue);

    /// <summary>Sets a parameter.</summary>
    public void Put(string key, string value) => _params[key] = value;

    /// <summary>Removes a parameter; returns its value, or null.</summary>
    public string? Remove(string key)
    {
        _params.Remove(key, out var value);
        return value;
    }

    /// <summary>True when a parameter is set.</summary>
    public bool ContainsKey(string key) => _params.ContainsKey(key);

    /// <summary>The channel, as it is written.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        if (Prefix.Length > 0)
            text.Append(Prefix).Append(':');

        text.Append(AeronPrefix).Append(Media);
        var separator = '?';
        foreach (var (key, value) in _params)
        {
            text.Append(separator).Append(key).Append('=').Append(value);
            separator = '|';
        }

        return text.ToString();
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
}
