using System.Diagnostics;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Drivers;
using ExecutionPipeline.Cli.Engine;
using ExecutionPipeline.Cli.Journal;
using ExecutionPipeline.Cli.Reports;
using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Demo;

/// <summary>`xp demo`: the main job, end to end, with the tactical engine as a process of its own.</summary>
public static class DemoRunner
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan VenueTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(5);

    /// <summary>Runs, reports, and returns the exit code: 0 only for a whole run without loss.</summary>
    /// <exception cref="UsageException">The configuration or the models cannot be used.</exception>
    public static Task<int> RunAsync(DemoOptions options, IAnsiConsole console, CancellationToken cancel) =>
        RunAsync(options, console, venue: null, cancel);

    /// <summary>The same against another venue than the simulated exchange.</summary>
    /// <exception cref="UsageException">The configuration or the models cannot be used.</exception>
    public static async Task<int> RunAsync(
        DemoOptions options, IAnsiConsole console, VenueConnector? venue, CancellationToken cancel)
    {
        using var kill = new KillSignal();
        var plan = DemoPlan.Of(options);
        DemoConfiguration.MustFit(options.ConfigFile, plan.Pipeline);
        var market = MarketSources.Check(
            options.DataFiles, options.DataInstruments, plan.Pipeline.Instruments.FirstOrDefault()?.TickSize);
        foreach (var note in market.Notes)
            Warn(console, note);

        var price = MarketSources.FirstPrice(options.DataFiles, market.InstrumentIds, options.Seed);
        foreach (var line in OrderRoom.Describe(plan.Pipeline, id => id == plan.InstrumentId ? price : null))
            Warn(console, line);

        if (options.IsDriverExternal)
        {
            DriverDirectories.MustHoldADriver(options.AeronDirectory, "--driver");
            var streams = plan.Pipeline.Streams;
            DriverDirectories.MustHoldNoPipeline(
                options.AeronDirectory, streams.OutboundChannel, streams.OutboundStream, cancel);
        }

        AeronDirectories.RemoveAbandoned();
        KeepHousekeepingOffThePipeline(plan);

        // Until the run stands, whatever ends its start leaves the journal that it is to write over as it was.
        using var replaced = ReplacedJournal.SetAside(options.IsForced, options.JournalFolder);
        using var session = OpenSession(options, plan, venue, kill, console, cancel);
        replaced?.Remove();
        Warn(console, session.Host.ClockNote);
        Warn(console, session.Host.StartNote);
        // What the start left behind would bring on a collection in the measured time.
        GC.Collect();
        session.Host.Start();
        using var dashboard = DemoDashboard.Start(options, session);
        var startedAt = DateTimeOffset.UtcNow;
        using var venueProcess = options.Venue == VenueKind.Process
            ? ChildProcess.Start(DemoPlan.VenueOptionsFor(options).ToArguments())
            : null;
        await AwaitVenueAsync(session, venueProcess, cancel).ConfigureAwait(false);
        using var engine = ChildProcess.Start(
            plan.EngineOptionsFor(options, market.InstrumentIds).ToArguments());
        using var tail = TailWatch.Start(options, plan, session.Host.Chain.Telemetry);
        Follow(options, console, session, (engine, dashboard, tail), cancel);
        await engine.EndAsync().ConfigureAwait(false);
        var (said, problem) = await engine.ReadReportAsync().ConfigureAwait(false);
        if (said != null)
            Drain(session, plan, said);

        session.Host.Stop(StopTimeout);
        problem ??= await EndVenueAsync(venueProcess).ConfigureAwait(false);
        var report = new DemoReport(options, plan, session, said, startedAt);
        var figures = report.Figures;
        if (tail is not null)
            figures = figures with { Tail = tail.Account() };
        if (figures.IsComplete && problem == null)
            figures = figures with { Schedules = SchedulePhase.Play(options, cancel) };
        Show(options, console, report, figures, session.Host);
        if (options.DataFiles.Count > 0 && said != null)
            console.MarkupLineInterpolated($"market data: {MarketSources.Describe(said.MarketData)}");

        return CodeOf(session.Host, report.Figures, problem ?? market.Problem, cancel);
    }

    /// <summary>Signals that came before the venue would all be refused.</summary>
    /// <exception cref="IOException">There is no venue; says what its process said.</exception>
    private static async Task AwaitVenueAsync(
        PipelineSession session, ChildProcess? venueProcess, CancellationToken cancel)
    {
        if (session.RemoteVenue is not { } venue)
            return;

        var waited = Stopwatch.StartNew();
        while (!venue.IsUp && !cancel.WaitHandle.WaitOne(LookInterval))
        {
            string? absence = null;
            if (venueProcess is { HasExited: true })
                absence = $"the venue has ended with exit code {venueProcess.ExitCode}";
            else if (waited.Elapsed > VenueTimeout)
                absence = $"no venue answered within {VenueTimeout.TotalSeconds:0} s";
            if (absence is null)
                continue;

            var said = await EndVenueAsync(venueProcess).ConfigureAwait(false);
            // An interrupt from the terminal goes to the venue, too.
            cancel.ThrowIfCancellationRequested();
            throw new IOException(said is null ? absence : $"{absence}: {said}");
        }
    }

    /// <summary>Ends the venue's process. What it complained of; null: of nothing.</summary>
    private static async Task<string?> EndVenueAsync(ChildProcess? venue)
    {
        if (venue == null)
            return null;

        await venue.EndAsync().ConfigureAwait(false);
        return await venue.ReadProblemAsync().ConfigureAwait(false);
    }

    private static PipelineSession OpenSession(
        DemoOptions options,
        DemoPlan plan,
        VenueConnector? venue,
        KillSignal kill,
        IAnsiConsole console,
        CancellationToken cancel)
    {
        var choice = Policies.ChoiceOf(options.Inference, options.Graph, options.ModelsDirectory);
        var policy = Policies.OpenChain(choice, console);
        try
        {
            var session = DemoPlan.SessionOf(options, choice, policy) with
            {
                Venue = venue,
                KillSignal = kill,
                Cancel = cancel,
            };
            return DemoConfiguration.Make(
                options.ConfigFile, () => new PipelineSession(plan.Pipeline, session, policy));
        }
        catch
        {
            policy.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The runtime's threads, and those started from here on (driver, client, timers), get a processor beside the
    /// pipeline's.
    /// </summary>
    private static void KeepHousekeepingOffThePipeline(DemoPlan plan)
    {
        if (plan.EngineProcessor is { } processor)
            ThreadAffinity.TryPinAll(processor);
    }

    /// <summary>
    /// Waits on this thread: a timer of the thread pool would wake workers, which spin before they sleep, beside the
    /// threads that are measured.
    /// </summary>
    private static void Follow(
        DemoOptions options, IAnsiConsole console, PipelineSession session,
        (ChildProcess Engine, DemoDashboard? Dashboard, TailWatch? Tail) beside, CancellationToken cancel)
    {
        var host = session.Host;
        var progress = RunProgress.Create(console, options.IsQuiet);
        progress.Start(options.WarmupEvents + options.Events);
        var clock = Stopwatch.StartNew();
        while (!beside.Engine.HasExited && host.Fault == null && !cancel.IsCancellationRequested)
        {
            cancel.WaitHandle.WaitOne(ProgressInterval);
            host.Chain.Telemetry.CollectInterval();
            beside.Tail?.Take(host.Roster.Threads.Select(static thread => thread.Name), beside.Engine.Id);
            session.Counters?.Publish();
            if (beside.Dashboard?.Watch() is { } line)
                console.Profile.Out.Writer.WriteLine(line);
            progress.Update(FiguresOf(host, clock.Elapsed));
            ShowNotes(console, host);
        }

        progress.Stop();
    }

    private static void Warn(IAnsiConsole console, string? note)
    {
        if (note != null)
            console.MarkupLineInterpolated($"[yellow]{note}[/]");
    }

    private static void ShowNotes(IAnsiConsole console, PipelineHost host)
    {
        while (host.Models?.TryReadNote(out var note) == true)
            console.MarkupLineInterpolated($"[yellow]models: {note}[/]");
    }

    private static ProgressFigures FiguresOf(PipelineHost host, TimeSpan elapsed)
    {
        var done = host.Chain.Telemetry.SignalsSeen;
        return new ProgressFigures(
            done, done / elapsed.TotalSeconds, host.Chain.Routing.OrdersSent, host.Ingress.Rejects.Total);
    }

    /// <summary>Waits until what was sent has gone through every stage, or nothing moves any more.</summary>
    private static void Drain(PipelineSession session, DemoPlan plan, EngineReport engine)
    {
        var host = session.Host;
        var sent = DemoReport.SentBy(engine);
        var signals = session.Accounts.Single(account => account.Stream == plan.Pipeline.Streams.SignalStream);
        SpinWait.SpinUntil(
            () => host.Fault != null
                || (Received() >= sent && host.Chain.Telemetry.SignalsSeen >= host.Ingress.SignalsAdmitted),
            DrainTimeout);

        long Received() => signals.Senders.FirstOrDefault(sender => sender.Session == engine.SignalSession).Received;
    }

    private static void Show(
        DemoOptions options, IAnsiConsole console, DemoReport report, RunReport figures, PipelineHost host)
    {
        foreach (var warning in host.Roster.Warnings)
            console.MarkupLineInterpolated($"[yellow]{warning}[/]");

        ShowNotes(console, host);
        foreach (var line in ClockSteps.Describe(NanoClock.StepCount, NanoClock.LastStepNs))
            Warn(console, line);

        ConsoleReport.Write(console, figures);
        if (options.JsonFile != null)
        {
            var written = JsonReport.Write(options.JsonFile, figures);
            if (written != options.JsonFile)
                ShowKept(console, options.JsonFile, written);
        }

        if (options.ReportDirectory != null)
        {
            var page = ReportFolder.Write(
                options.ReportDirectory, options.IsForced, figures, report.Histograms, report.Log);
            if (Path.GetDirectoryName(page) is { } folder && folder != options.ReportDirectory)
                ShowKept(console, options.ReportDirectory, folder);
            console.MarkupLineInterpolated($"report: {page}");
        }
    }

    private static void ShowKept(IAnsiConsole console, string kept, string written) =>
        console.MarkupLineInterpolated($"[yellow]{kept} is kept: this run went to {written}[/]");

    private static int CodeOf(PipelineHost host, RunReport figures, string? problem, CancellationToken cancel)
    {
        if (host.Fault is { } fault)
        {
            problem = $"trading has ended: {fault.Message}";
            if (host.ReportsUnbooked > 0)
                problem += $"; {host.ReportsUnbooked} reports after it are not booked";
        }

        if (host.EndNote is { } note)
            problem = problem is null ? note : $"{problem}; {note}";

        if (problem != null)
            Console.Error.WriteLine($"xp demo: {problem}");

        if (cancel.IsCancellationRequested)
            return ExitCode.Interrupted;

        return problem == null && figures.EventsLost == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
