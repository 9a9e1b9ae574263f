using ExecutionPipeline.Aeron.Driver;
using AeronClient = ExecutionPipeline.Aeron.Client.Aeron;

namespace ExecutionPipeline.Aeron.Tests;

/// <summary>
/// A driver and clients without threads, on a clock that stands still: each turn of either is the test's own step, so
/// that nothing depends on timing.
/// </summary>
public abstract class StepTestBase : AeronTestBase
{
    private readonly ManualClock _clock = new();
    private readonly List<AeronClient> _clients = [];

    /// <summary>The time of driver and clients.</summary>
    private protected ManualClock Clock => _clock;

#pragma warning disable NUnit1032 // Kept by the base class, which disposes it.
    protected MediaDriver Driver { get; private set; } = null!;
#pragma warning restore NUnit1032

    [SetUp]
    public void LaunchSteppedDriver()
    {
        _clients.Clear();
        Driver = LaunchDriver(context => Configure(context
            .ThreadingMode(ThreadingMode.INVOKER)
            .EpochClock(_clock)
            .NanoClock(_clock)));
    }

    protected virtual void Configure(MediaDriver.Context context)
    {
    }

    protected AeronClient ConnectStepped(Action<AeronClient.Context>? configure = null)
    {
        var client = Connect(context =>
        {
            context.UseConductorAgentInvoker(true)
                .DriverAgentInvoker(Driver.SharedAgentInvoker()!)
                .EpochClock(_clock)
                .NanoClock(_clock);
            configure?.Invoke(context);
        });
        _clients.Add(client);
        return client;
    }

    /// <summary>Lets driver and clients do all they have to do now.</summary>
    protected void Step()
    {
        for (var i = 0; i < 8; i++)
        {
            Driver.SharedAgentInvoker()!.Invoke();
            foreach (var client in _clients)
                client.ConductorAgentInvoker!.Invoke();
        }
    }

    /// <summary>Lets time pass in small steps, so that everybody shows life in time.</summary>
    protected void Pass(TimeSpan time)
    {
        var step = TimeSpan.FromMilliseconds(600);
        for (var passed = TimeSpan.Zero; passed < time; passed += step)
        {
            _clock.Advance(step);
            Step();
        }
    }

    /// <summary>Lets time pass in which nobody does anything.</summary>
    protected void Advance(TimeSpan time) => _clock.Advance(time);

    /// <summary>Steps the wall clock, as an operator does; no time passes by it.</summary>
    protected void StepWall(TimeSpan step) => _clock.StepWall(step);

    /// <summary>Leaves a client out from now on, as if its process had died.</summary>
    protected void Forget(AeronClient client) => _clients.Remove(client);
}
