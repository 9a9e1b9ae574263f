using System.Globalization;
using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Daemon;

/// <summary>What a daemon says at its start and at its end.</summary>
internal static class DaemonReport
{
    /// <summary>What is where.</summary>
    public static void TellStart(
        DaemonLog log, string configurationName, PipelineOptions configuration, PipelineSession session)
    {
        var streams = configuration.Streams;
        log.Write(
            LogLevel.Info, "start", $"process {Environment.ProcessId}, configuration: {configurationName}",
            ("process", Environment.ProcessId), ("configuration", configurationName));
        TellPlaces(log, configuration.Host.Resolve());
        log.Write(
            LogLevel.Info, "streams",
            string.Create(
                CultureInfo.InvariantCulture,
                $"signals {streams.SignalStream}, market {streams.MarketStream}, commands {streams.CommandStream} of "
                + $"{streams.InputChannel}; outbound {streams.OutboundStream} of {streams.OutboundChannel}"),
            ("signals", streams.SignalStream), ("market", streams.MarketStream), ("commands", streams.CommandStream),
            ("outbound", streams.OutboundStream));
        TellRoom(log, configuration);
        foreach (var what in session.Host.Recovered?.Notes ?? [])
            log.Write(LogLevel.Warning, "restart", what);
        if (session.Host.RestartNote is { } restart)
            log.Write(LogLevel.Info, "restart", restart);
        if (session.Host.ClockNote is { } ahead)
            log.Write(LogLevel.Warning, "clock", ahead, ("ahead_ns", session.Host.ClockAheadNs));
        var policy = session.Policy;
        log.Write(LogLevel.Info, "models", $"{policy.Name} decides", ("decides", policy.Name));
        if (policy.Problem is { } instead)
            log.Write(LogLevel.Warning, "models", $"not what was asked for decides: {instead}");
        if (session.Host.StartNote is { } note)
            log.Write(LogLevel.Warning, "start", note);
    }

    private static void TellPlaces(DaemonLog log, HostOptions places)
    {
        var isExternal = places.Driver == DriverOwner.External;
        var driver = isExternal ? "another process's" : "embedded";
        log.Write(
            LogLevel.Info, "driver", $"{driver}, in {places.AeronDirectory}",
            ("driver", isExternal ? "external" : "embedded"), ("folder", places.AeronDirectory));
        if (places.Journal is { Length: > 0 } journal)
            log.Write(LogLevel.Info, "journal", $"in {journal}", ("folder", journal));
    }

    /// <summary>Limits that refuse every order, and up to which price there is room where no price is known.</summary>
    private static void TellRoom(DaemonLog log, PipelineOptions configuration)
    {
        foreach (var line in OrderRoom.Describe(configuration))
            log.Write(LogLevel.Warning, "limits", line);
        foreach (var line in OrderRoom.DescribeCeilings(configuration))
            log.Write(LogLevel.Info, "limits", line);
    }

    /// <summary>Events pass the last stage.</summary>
    public static void TellReady(DaemonLog log, PipelineHost host, ServiceManager service)
    {
        foreach (var warning in host.Roster.Warnings)
            log.Write(LogLevel.Warning, "threads", warning);
        if (service.Problem is { } problem)
            log.Write(LogLevel.Warning, "service", problem);

        var topology = host.Topology.ToString().ToLowerInvariant();
        log.Write(LogLevel.Info, "ready", $"the ring runs, topology {topology}", ("topology", topology));
    }

    /// <summary>The ordered end begins.</summary>
    public static void TellEnding(DaemonLog log, PipelineOptions configuration)
    {
        var orders = configuration.State.OrdersAtEnd switch
        {
            OrdersAtEnd.Leave => "left at the venue",
            OrdersAtEnd.Flatten => "cancelled and positions are closed",
            _ => "cancelled",
        };
        log.Write(
            LogLevel.Info, "ending", $"no more signals; orders are {orders}, reports are taken in",
            ("orders_at_end", configuration.State.OrdersAtEnd.ToString().ToLowerInvariant()));
    }

    /// <summary>How it ended. Returns the exit code.</summary>
    public static int TellEnd(DaemonLog log, PipelineHost host)
    {
        if (host.Fault is { } fault)
            log.Write(LogLevel.Error, "fault", $"trading has ended: {fault.Message}", ("where", fault.Where));
        if (host.ReportsUnbooked > 0)
        {
            log.Write(
                LogLevel.Error, "fault", $"{host.ReportsUnbooked} reports after the fault are not booked",
                ("reports", host.ReportsUnbooked));
        }

        if (NanoClock.StepCount > 0)
        {
            log.Write(
                LogLevel.Warning, "clock", $"the system's time was stepped {NanoClock.StepCount} times meanwhile",
                ("steps", NanoClock.StepCount), ("last_step_ns", NanoClock.LastStepNs));
        }

        if (host.EndNote is { } note)
            log.Write(LogLevel.Error, "end", note);

        var live = host.Chain.Live!;
        var working = host.Chain.Routing.Orders.WorkingOrders;
        log.Write(
            LogLevel.Info, "end",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{live.Through} events, {host.Chain.Routing.OrdersSent} orders, {host.Chain.Routing.Fills} fills, "
                + $"{working} orders working"),
            ("events", live.Through), ("orders", host.Chain.Routing.OrdersSent), ("fills", host.Chain.Routing.Fills),
            ("working", working));
        return host.Fault == null && host.EndNote == null ? DaemonExit.InOrder : DaemonExit.Failed;
    }
}
