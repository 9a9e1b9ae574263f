using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace ExecutionPipeline.Control.Security;

/// <summary>
/// The page's sessions: a browser gives its key once and is known by a cookie that scripts cannot read. They end with
/// the control plane, or after twelve hours, or when the key that they began with is taken away.
/// </summary>
public sealed class Sessions(ApiKeys keys)
{
    public const string Cookie = "xp_session";
    private const int TokenBytes = 32;
    private const int MostSessions = 1_000;

    private readonly ConcurrentDictionary<string, (ApiKey Holder, DateTime Until)> _sessions = new();

    /// <summary>How long one lasts.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromHours(12);

    /// <summary>Begins one. Returns what the cookie holds.</summary>
    public string Begin(ApiKey holder)
    {
        foreach (var (old, session) in _sessions)
        {
            if (session.Until <= NanoClock.UtcNow)
                _sessions.TryRemove(old, out _);
        }

        if (_sessions.Count >= MostSessions && _sessions.MinBy(static one => one.Value.Until) is { Key: { } oldest })
            _sessions.TryRemove(oldest, out _);
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));
        _sessions[token] = (holder, NanoClock.UtcNow + Lifetime);
        return token;
    }

    /// <summary>Whose it is; null: there is no such session, or it is over.</summary>
    public ApiKey? Find(string token) =>
        _sessions.TryGetValue(token, out var session) && session.Until > NanoClock.UtcNow && keys.Has(session.Holder)
            ? session.Holder
            : null;

    /// <summary>Ends one.</summary>
    public void End(string token) => _sessions.TryRemove(token, out _);
}
