using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>
/// A client of a media driver, which may be in any process of this machine. Adding and removing take a lock and wait
/// for the driver; publications and subscriptions themselves do neither.
/// </summary>
public sealed partial class Aeron : IDisposable
{
    /// <summary>Stands for no value.</summary>
    public const int NULL_VALUE = -1;

    /// <summary>The version of Aeron whose protocol this follows.</summary>
    public const string Version = "1.51.0";

    private readonly ClientConductor _conductor;
    private readonly ManyToOneRingBuffer _toDriver;
    private readonly AgentRunner? _conductorRunner;

    private Aeron(Context context)
    {
        Ctx = context;
        var cncFile = context.Conclude();
        try
        {
            _toDriver = new ManyToOneRingBuffer(cncFile.ToDriverBuffer);
            ClientId = _toDriver.NextCorrelationId();
            context.SetClientId(ClientId);
            _conductor = new ClientConductor(context, cncFile, ClientId);
        }
        catch
        {
            cncFile.Dispose();
            throw;
        }

        if (context.UseConductorAgentInvoker())
        {
            ConductorAgentInvoker = new AgentInvoker(context.ErrorHandler(), _conductor);
            ConductorAgentInvoker.Start();
        }
        else
        {
            _conductorRunner = new AgentRunner(context.IdleStrategy(), context.ErrorHandler(), _conductor);
            AgentRunner.StartOnThread(_conductorRunner);
        }
    }

    /// <summary>What the client was connected with.</summary>
    public Context Ctx { get; }

    /// <summary>The client's number at its driver.</summary>
    public long ClientId { get; }

    /// <summary>True once closed, by the application, or because the driver has gone.</summary>
    public bool IsClosed => _conductor.IsClosed;

    /// <summary>
    /// Runs the conductor when the context asked for that; null otherwise. It must be invoked at least as often as the
    /// keepalive interval, and not while another thread uses the client.
    /// </summary>
    public AgentInvoker? ConductorAgentInvoker { get; }

    /// <summary>The counters of the driver and all its clients.</summary>
    public CountersReader CountersReader => _conductor.CountersReader;

    /// <summary>Connects to the driver in the default directory.</summary>
    public static Aeron Connect() => Connect(new Context());

    /// <summary>Connects to the driver in a context's directory.</summary>
    /// <exception cref="DriverTimeoutException">There is no driver, and none has come within the time-out.</exception>
    public static Aeron Connect(Context ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        return new Aeron(ctx);
    }

    /// <summary>Adds a publication that threads and clients may share.</summary>
    /// <exception cref="RegistrationException">The driver refused; the message says why.</exception>
    /// <exception cref="DriverTimeoutException">The driver did not answer.</exception>
    public Publication AddPublication(string channel, int streamId) =>
        _conductor.AddPublication(channel, streamId, isExclusive: false);

    /// <summary>Adds a publication for one thread, with a session of its own.</summary>
    /// <exception cref="RegistrationException">The driver refused; the message says why.</exception>
    /// <exception cref="DriverTimeoutException">The driver did not answer.</exception>
    public ExclusivePublication AddExclusivePublication(string channel, int streamId) =>
        (ExclusivePublication)_conductor.AddPublication(channel, streamId, isExclusive: true);

    /// <summary>Adds a subscription.</summary>
    /// <exception cref="RegistrationException">The driver refused; the message says why.</exception>
    /// <exception cref="DriverTimeoutException">The driver did not answer.</exception>
    public Subscription AddSubscription(string channel, int streamId) =>
        AddSubscription(channel, streamId, Ctx.AvailableImageHandler(), Ctx.UnavailableImageHandler());

    /// <summary>Adds a subscription with image handlers of its own.</summary>
    /// <exception cref="RegistrationException">The driver refused; the message says why.</exception>
    /// <exception cref="DriverTimeoutException">The driver did not answer.</exception>
    public Subscription AddSubscription(
        string channel,
        int streamId,
        AvailableImageHandler? availableImageHandler,
        UnavailableImageHandler? unavailableImageHandler) =>
        _conductor.AddSubscription(channel, streamId, availableImageHandler, unavailableImageHandler);

    /// <summary>A number that no other client of the driver gets.</summary>
    public long NextCorrelationId()
    {
        if (IsClosed)
            throw new AeronException("Aeron client is closed");

        return _toDriver.NextCorrelationId();
    }

    /// <summary>A session id that no publication of the stream has.</summary>
    public int NextSessionId(int streamId) => _conductor.NextSessionId(streamId);

    /// <summary>Has a handler called for every counter added; returns the id to remove it by.</summary>
    public long AddAvailableCounterHandler(AvailableCounterHandler handler) =>
        _conductor.AddAvailableCounterHandler(handler);

    /// <summary>Removes a handler; true when there was one.</summary>
    public bool RemoveAvailableCounterHandler(long registrationId) =>
        _conductor.TryRemoveAvailableCounterHandler(registrationId);

    /// <inheritdoc cref="RemoveAvailableCounterHandler(long)"/>
    public bool RemoveAvailableCounterHandler(AvailableCounterHandler handler) =>
        _conductor.TryRemoveAvailableCounterHandler(handler);

    /// <summary>Has a handler called for every counter removed; returns the id to remove it by.</summary>
    public long AddUnavailableCounterHandler(UnavailableCounterHandler handler) =>
        _conductor.AddUnavailableCounterHandler(handler);

    /// <summary>Removes a handler; true when there was one.</summary>
    public bool RemoveUnavailableCounterHandler(long registrationId) =>
        _conductor.TryRemoveUnavailableCounterHandler(registrationId);

    /// <inheritdoc cref="RemoveUnavailableCounterHandler(long)"/>
    public bool RemoveUnavailableCounterHandler(UnavailableCounterHandler handler) =>
        _conductor.TryRemoveUnavailableCounterHandler(handler);

    /// <summary>Has a handler called when the client closes; returns the id to remove it by.</summary>
    public long AddCloseHandler(Action handler) => _conductor.AddCloseHandler(handler);

    /// <summary>Removes a handler; true when there was one.</summary>
    public bool RemoveCloseHandler(long registrationId) => _conductor.TryRemoveCloseHandler(registrationId);

    /// <inheritdoc cref="RemoveCloseHandler(long)"/>
    public bool RemoveCloseHandler(Action handler) =>
        _conductor.TryRemoveCloseHandler(handler);

    /// <summary>Writes every counter in use, one a line: id, value and label.</summary>
    public void PrintCounters(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        CountersReader.ForEach((id, _, _, label) =>
            output.WriteLine($"{id,3}: {CountersReader.GetCounterValue(id),20:N0} - {label}"));
    }

    /// <summary>Closes the client and everything it added.</summary>
    public void Dispose()
    {
        ConductorAgentInvoker?.Dispose();
        _conductorRunner?.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => $"Aeron{{clientId={ClientId}}}";
}
