using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;
using ExecutionPipeline.Aeron.Protocol.Command;

namespace ExecutionPipeline.Aeron.Driver;

/// <summary>The driver's clients, whether each is alive, and the counters that they have added.</summary>
internal sealed class DriverClients(
    MediaDriver.Context context,
    ClientProxy clientProxy,
    CountersManager countersManager,
    StreamCounters streamCounters,
    SystemCounters counters,
    TurnTime time)
{
    private const long NoOwner = -1;

    private readonly List<DriverClient> _clients = [];
    private readonly List<CounterLink> _counterLinks = [];

    public DriverClient GetOrAdd(long clientId)
    {
        if (Find(clientId) is { } known)
            return known;

        var heartbeat = streamCounters.ClientHeartbeat(clientId, time.NowMs);
        var client = new DriverClient(
            clientId, context.ClientLivenessTimeoutNs(), heartbeat, time.TurnNs);
        _clients.Add(client);
        clientProxy.OnCounterReady(clientId, heartbeat.Id);
        return client;
    }

    public void AddCounter(CounterMessageFlyweight message)
    {
        var client = GetOrAdd(message.ClientId);
        var counter = countersManager.NewCounter(
            message.Label, message.TypeId, message.Key, message.CorrelationId, message.ClientId);
        _counterLinks.Add(new CounterLink(message.CorrelationId, client, counter));
        clientProxy.OnCounterReady(message.CorrelationId, counter.Id);
    }

    public void AddStaticCounter(CounterMessageFlyweight message)
    {
        GetOrAdd(message.ClientId);
        var id = countersManager.FindByTypeIdAndRegistrationId(message.TypeId, message.RegistrationId);
        if (id == CountersReader.NULL_COUNTER_ID)
        {
            id = countersManager.Allocate(
                message.Label, message.TypeId, message.Key, message.RegistrationId, NoOwner);
        }
        else if (countersManager.GetCounterOwnerId(id) != NoOwner)
        {
            throw new ControlProtocolException(
                ErrorCode.GENERIC_ERROR,
                $"cannot add static counter, because a non-static counter exists (counterId={id}) for "
                + $"typeId={message.TypeId} and registrationId={message.RegistrationId}");
        }

        clientProxy.OnStaticCounter(message.CorrelationId, id);
    }

    public void RemoveCounter(long registrationId, long correlationId)
    {
        var index = _counterLinks.FindIndex(link => link.RegistrationId == registrationId);
        if (index < 0)
            throw new ControlProtocolException(ErrorCode.UNKNOWN_COUNTER, $"unknown counter: {registrationId}");

        clientProxy.OnOperationSucceeded(correlationId);
        CloseCounter(_counterLinks[index]);
        _counterLinks.RemoveAt(index);
    }

    public void OnClientKeepalive(long clientId) => Find(clientId)?.OnKeepalive(time.NowMs);

    public void OnClientClose(long clientId) => Find(clientId)?.OnClosedByCommand();

    /// <summary>Tells of the clients that were silent for too long. Whether any client has ended.</summary>
    public bool EndTimedOut(long nowNs)
    {
        var hasAnyEnded = false;
        foreach (var client in _clients)
        {
            if (!client.HasTimedOut(nowNs))
                continue;

            hasAnyEnded = true;
            if (!client.IsClosedByCommand)
            {
                counters.Increment(SystemCounterId.ClientTimeouts);
                clientProxy.OnClientTimeout(client.ClientId);
            }

            clientProxy.OnUnavailableCounter(client.ClientId, client.HeartbeatCounterId);
        }

        return hasAnyEnded;
    }

    /// <summary>Frees the clients that have ended and the counters that they had added.</summary>
    public void FreeEnded()
    {
        foreach (var link in _counterLinks)
        {
            if (link.Client.HasEnded)
                CloseCounter(link);
        }

        _counterLinks.RemoveAll(static link => link.Client.HasEnded);
        foreach (var client in _clients)
        {
            if (client.HasEnded)
                client.Close();
        }

        _clients.RemoveAll(static client => client.HasEnded);
    }

    private DriverClient? Find(long clientId) => _clients.Find(client => client.ClientId == clientId);

    private void CloseCounter(CounterLink link)
    {
        clientProxy.OnUnavailableCounter(link.RegistrationId, link.Counter.Id);
        link.Counter.Dispose();
    }
}
