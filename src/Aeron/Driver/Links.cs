using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Driver;

/// <summary>A client's subscription, and the publications that it is linked to.</summary>
internal sealed class SubscriptionLink
{
    private readonly Dictionary<IpcPublication, UnsafeBufferPosition> _positionByPublication = [];
    private int? _sessionId;

    public SubscriptionLink(long registrationId, int streamId, string channel, DriverClient client)
    {
        var uri = UriValues.Parse(channel);
        RegistrationId = registrationId;
        StreamId = streamId;
        Channel = channel;
        Client = client;
        IsTether = UriValues.IsTrue(uri, "tether", defaultValue: true);
        IsRejoin = UriValues.IsTrue(uri, "rejoin", defaultValue: true);
        IsResponse = UriValues.IsResponse(uri);
        _sessionId = UriValues.Int(uri, "session-id");
        UriValues.Position(uri, LogBufferDescriptor.TermMaxLength);
    }

    public long RegistrationId { get; }

    public int StreamId { get; }

    public string Channel { get; }

    public DriverClient Client { get; }

    /// <summary>False when the subscription is dropped rather than the publisher held back.</summary>
    public bool IsTether { get; }

    /// <summary>True when, once dropped, it is to join again.</summary>
    public bool IsRejoin { get; }

    /// <summary>True when the subscription gets the responses to its own requests alone.</summary>
    public bool IsResponse { get; }

    public bool IsMatch(IpcPublication publication) =>
        publication.StreamId == StreamId
        && (_sessionId is null ? !IsResponse : _sessionId == publication.SessionId);

    /// <summary>Says which publication holds the responses to this subscription's requests.</summary>
    public void GetResponsesFrom(IpcPublication publication) => _sessionId = publication.SessionId;

    public bool IsLinked(IpcPublication publication) => _positionByPublication.ContainsKey(publication);

    public void Link(IpcPublication publication, UnsafeBufferPosition position) =>
        _positionByPublication.Add(publication, position);

    public void Unlink(IpcPublication publication) => _positionByPublication.Remove(publication);

    /// <summary>Frees what the subscription holds of its publications.</summary>
    public void Close()
    {
        foreach (var (publication, position) in _positionByPublication)
            publication.RemoveSubscriber(this, position);

        _positionByPublication.Clear();
    }
}

/// <summary>A client's use of a publication.</summary>
internal sealed class PublicationLink
{
    private readonly IpcPublication _publication;

    public PublicationLink(long registrationId, DriverClient client, IpcPublication publication)
    {
        RegistrationId = registrationId;
        Client = client;
        _publication = publication;
        publication.IncRef();
    }

    public long RegistrationId { get; }

    public DriverClient Client { get; }

    public void Revoke() => _publication.Revoke();

    public void Close() => _publication.DecRef();
}

/// <summary>A client's counter.</summary>
internal sealed record CounterLink(long RegistrationId, DriverClient Client, AtomicCounter Counter);

/// <summary>A client as the driver sees it: alive for as long as its heartbeat counter moves.</summary>
internal sealed class DriverClient(long clientId, long livenessTimeoutNs, AtomicCounter heartbeat, long nowNs)
{
    private readonly HeartbeatWatch _watch = new(heartbeat.Get(), nowNs);

    public long ClientId { get; } = clientId;

    public int HeartbeatCounterId => heartbeat.Id;

    /// <summary>True once the client is gone: what it held is freed.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>True when it said farewell.</summary>
    public bool IsClosedByCommand { get; private set; }

    public void OnKeepalive(long nowMs) => heartbeat.SetRelease(nowMs);

    public void OnClosedByCommand()
    {
        IsClosedByCommand = true;
        heartbeat.SetRelease(0);
    }

    /// <summary>True when the client has ended by now.</summary>
    public bool HasTimedOut(long nowNs)
    {
        HasEnded = IsClosedByCommand || _watch.SilentNs(heartbeat.Get(), nowNs) > livenessTimeoutNs;
        return HasEnded;
    }

    public void Close() => heartbeat.Dispose();
}
