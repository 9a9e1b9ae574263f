using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>The logs that a client has mapped: each once, and for a while after its last use.</summary>
internal sealed class ClientLogs(Aeron.Context context, long clientId)
{
    private readonly Dictionary<long, LogBuffers> _logById = [];
    private readonly List<LogBuffers> _lingering = [];

    /// <summary>Maps a log, unless it is mapped already, and counts one use more.</summary>
    /// <exception cref="AeronException">It cannot be mapped; says which.</exception>
    public LogBuffers Acquire(long registrationId, string fileName, string channel)
    {
        if (!_logById.TryGetValue(registrationId, out var log))
        {
            try
            {
                log = LogBuffers.Open(fileName, context.PreTouchMappedMemory());
            }
            catch (Exception exception) when (!File.Exists(fileName))
            {
                throw new AeronException(
                    $"the media driver in {context.AeronDirectoryName()} has taken the log of {channel} away again: "
                    + "it was shut down, or has given this client up",
                    exception);
            }
            catch (Exception exception)
            {
                throw new AeronException(
                    $"[clientId={clientId}, clientName={context.ClientName()}] failed to map log buffer of "
                    + $"registrationId={registrationId}, channel={channel}",
                    exception);
            }

            _logById.Add(registrationId, log);
        }

        log.IncRef();
        return log;
    }

    /// <summary>Counts one use less; after the last one the log stays for a time in nanoseconds.</summary>
    public void Release(LogBuffers log, long registrationId, long lingerNs)
    {
        if (log.DecRef() > 0)
            return;

        _logById.Remove(registrationId);
        log.LingerDeadlineNs = context.NanoClock().NanoTime() + lingerNs;
        _lingering.Add(log);
    }

    /// <summary>Unmaps the logs whose time is over; returns how many.</summary>
    public int FreeLingered(long nowNs)
    {
        var freed = 0;
        for (var i = _lingering.Count - 1; i >= 0; i--)
        {
            if (_lingering[i].LingerDeadlineNs - nowNs >= 0)
                continue;

            _lingering[i].Dispose();
            _lingering.RemoveAt(i);
            freed++;
        }

        return freed;
    }

    /// <summary>Gives lingering logs up without unmapping what other threads may still be reading.</summary>
    public void AbandonLingering()
    {
        foreach (var log in _lingering)
            log.Abandon();

        _lingering.Clear();
    }
}
