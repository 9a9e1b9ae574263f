using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Configuration;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Stages.Inference.Models;

namespace ExecutionPipeline.Daemon;

/// <summary>
/// The pipeline by itself, for days: runs until SIGTERM or SIGINT, then ends in order. This thread does what is beside
/// the path (signals, counters, log, service manager); nothing of that is done on a hot thread.
/// </summary>
public static class DaemonRunner
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Runs until it is asked to end or trading fails. Returns the exit code.</summary>
    /// <param name="options">Where everything is.</param>
    /// <param name="output">Takes the log.</param>
    /// <param name="error">Takes the one line that says why nothing was begun.</param>
    public static int Run(DaemonOptions options, TextWriter output, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(options);
        // Before anything else: the signal would end a process that is only starting.
        using var kill = new KillSignal();
        using var signals = new DaemonSignals();
        using var service = new ServiceManager(Environment.GetEnvironmentVariable);
        try
        {
            var configuration = ConfigurationLoader.Load(options.Configuration).Options;
            var log = new DaemonLog(output, configuration.Log.Format == LogFormat.Json)
            {
                Level = configuration.Log.Level,
            };
            using var session = OpenUnlessEnded(options, configuration, kill, signals);
            return session is null
                ? DaemonExit.InOrder
                : Run(new Running(options, configuration, session, signals, service, log));
        }
        catch (Exception problem) when (IsOutside(problem))
        {
            error.WriteLine($"{problem.Message.ReplaceLineEndings(" ")}");
            return problem is TimeoutException ? DaemonExit.Failed : DaemonExit.Unusable;
        }
    }

    /// <returns>Null where the end was asked for meanwhile: nothing was begun.</returns>
    private static PipelineSession? OpenUnlessEnded(
        DaemonOptions options, PipelineOptions configuration, KillSignal kill, DaemonSignals signals)
    {
        try
        {
            return Open(options, configuration, kill, signals.End);
        }
        catch (OperationCanceledException) when (signals.IsEndAsked)
        {
            return null;
        }
    }

    private static PipelineSession Open(
        DaemonOptions options, PipelineOptions configuration, KillSignal kill, CancellationToken cancel)
    {
        var places = configuration.Host.Resolve();
        var isExternal = places.Driver == DriverOwner.External;
        if (isExternal && !File.Exists(Path.Combine(places.AeronDirectory, "cnc.dat")))
            throw new IOException($"no media driver in {places.AeronDirectory}: name it with --aeron-dir");

        AeronDirectories.RemoveAbandoned();
        KeepHousekeepingOffThePipeline(configuration.Ring);
        var choice = PolicyOf(places, options.FindModels);
        var policy = choice.OpenChain();
        try
        {
            return new PipelineSession(
                configuration,
                new SessionOptions
                {
                    AeronDirectory = places.AeronDirectory,
                    IsDriverExternal = isExternal,
                    Models = choice.SourceFor(policy),
                    JournalFolder = places.Journal.Length > 0 ? places.Journal : null,
                    KillSignal = kill,
                    Cancel = cancel,
                    IsWatched = true,
                },
                policy);
        }
        catch
        {
            policy.Dispose();
            throw;
        }
    }

    /// <exception cref="InvalidDataException">Models are asked for, and no folder is named.</exception>
    private static PolicyChoice PolicyOf(HostOptions places, Func<string>? findModels)
    {
        if (places.Inference == InferenceChoice.Rules)
            return new PolicyChoice(InferenceChoice.Rules, GraphChoice.Merged, null);
        if (places.Models.Length > 0 || findModels is not null)
        {
            var folder = places.Models.Length > 0 ? places.Models : findModels!();
            return new PolicyChoice(places.Inference, GraphChoice.Merged, folder);
        }

        return places.Inference == InferenceChoice.Auto
            ? new PolicyChoice(InferenceChoice.Rules, GraphChoice.Merged, null)
            : throw new InvalidDataException(
                "host.inference asks for models: name their folder by host.models or --models");
    }

    /// <summary>
    /// The runtime's threads, and those started from here on (driver, client, timers), get a processor beside the
    /// pipeline's.
    /// </summary>
    private static void KeepHousekeepingOffThePipeline(RingOptions ring)
    {
        if (ring.Processors is not { Count: > 0 } pinned)
            return;

        foreach (var processor in ThreadAffinity.Allowed().Except(pinned).Take(1))
            ThreadAffinity.TryPinAll(processor);
    }

    private static int Run(Running running)
    {
        var (options, configuration, session, signals, service, log) = running;
        var host = session.Host;
        DaemonReport.TellStart(log, options.Configuration.Name, configuration, session);
        // What the start left behind would bring on a collection later.
        GC.Collect();
        host.Start();
        var watch = new DaemonWatch(host, log);
        var reload = new DaemonReload(options.Configuration, configuration, host, log);
        var isReady = false;
        while (!signals.IsEndAsked && host.Fault == null)
        {
            signals.Wait(LookInterval);
            session.Counters!.Publish();
            watch.Look();
            if (!isReady && host.Chain.Live!.Through > 0)
            {
                isReady = true;
                DaemonReport.TellReady(log, host, service);
                service.TellReady();
            }

            // A request that comes during the start is kept: before the first event nobody is told of READY.
            if (isReady && signals.TryTakeReload())
            {
                service.TellReloading();
                reload.Apply();
                service.TellReady();
            }

            service.Beat(host.Chain.Live!.Through);
        }

        return End(running, watch);
    }

    private static int End(Running running, DaemonWatch watch)
    {
        var (_, configuration, session, _, service, log) = running;
        service.TellStopping();
        var host = session.Host;
        if (host.Fault == null)
            DaemonReport.TellEnding(log, configuration);
        host.Stop(StopTimeout);
        session.Counters!.Publish();
        watch.Look();
        return DaemonReport.TellEnd(log, host);
    }

    /// <summary>What the world outside did, which one line explains; anything else is a defect.</summary>
    private static bool IsOutside(Exception problem) => problem
        is InvalidDataException or IOException or UnauthorizedAccessException or ArgumentException
        or ModelFileException or ActiveDriverException or TimeoutException;

    private sealed record Running(
        DaemonOptions Options,
        PipelineOptions Configuration,
        PipelineSession Session,
        DaemonSignals Signals,
        ServiceManager Service,
        DaemonLog Log);
}
