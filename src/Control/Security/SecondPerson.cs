namespace ExecutionPipeline.Control.Security;

/// <summary>What became of a request that two persons must make.</summary>
internal enum SecondPersonVerdict
{
    /// <summary>It is the first: somebody else must ask for the same.</summary>
    Asked,

    /// <summary>The same person has asked already.</summary>
    SamePerson,

    /// <summary>It is the second: it may be done.</summary>
    Confirmed,
}

/// <summary>A request that waits for another person.</summary>
/// <param name="Who">Who has asked.</param>
/// <param name="Until">How long it counts.</param>
/// <param name="After">The number of the last message before it: a kill behind that voids it.</param>
internal sealed record FirstAsk(string Who, DateTime Until, long After);

/// <summary>
/// Requests that two persons must make, one for each subject. They are kept in this process alone: a control plane that
/// ends forgets what was asked, and nothing is done.
/// </summary>
/// <param name="lifetime">How long a first request counts.</param>
internal sealed class SecondPerson(TimeSpan lifetime)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, FirstAsk> _asked = [];

    /// <summary>Takes a request. Returns what became of it, and the first request that counts.</summary>
    /// <param name="subject">What is asked for; a second request must be for the same.</param>
    /// <param name="who">Who asks.</param>
    /// <param name="now">The time.</param>
    /// <param name="last">The number of the last message.</param>
    /// <param name="isVoid">Whether something since has made a first request void.</param>
    public (SecondPersonVerdict Verdict, FirstAsk Ask) Take(
        string subject, string who, DateTime now, long last, Func<FirstAsk, bool> isVoid)
    {
        lock (_gate)
        {
            if (!_asked.TryGetValue(subject, out var ask) || ask.Until <= now || isVoid(ask))
            {
                foreach (var over in _asked.Where(one => one.Value.Until <= now).Select(static one => one.Key).ToList())
                    _asked.Remove(over);
                ask = new FirstAsk(who, now + lifetime, last);
                _asked[subject] = ask;
                return (SecondPersonVerdict.Asked, ask);
            }

            if (string.Equals(ask.Who, who, StringComparison.OrdinalIgnoreCase))
                return (SecondPersonVerdict.SamePerson, ask);

            _asked.Remove(subject);
            return (SecondPersonVerdict.Confirmed, ask);
        }
    }
}
