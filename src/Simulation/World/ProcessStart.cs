using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Recovery;
using ExecutionPipeline.Simulation.Disk;

namespace ExecutionPipeline.Simulation.World;

/// <summary>
/// Starts processes on what lies on the disk, by the pipeline's own recovery, and holds what comes of it against what
/// was before.
/// </summary>
internal sealed class ProcessStart(SimulatedWorld world, VirtualDisk disk, VirtualClock clock, string folder)
{
    /// <summary>The events before were read since they were put on the ring.</summary>
    private long _read;

    /// <summary>Starts that cut a tail with a hole in it.</summary>
    public int Holes { get; private set; }

    /// <summary>A process of a new journal.</summary>
    public SimulatedProcess First(long timeNs)
    {
        var process = new SimulatedProcess(world, folder);
        Begin(process, process.Recover(), timeNs);
        return process;
    }

    /// <summary>
    /// A process that goes on after a crash; null: a rule was broken, and there is nothing to go on with.
    /// </summary>
    public SimulatedProcess? Again(long timeNs, bool isPowerFailure, bool hadRoom)
    {
        var process = new SimulatedProcess(world, folder);
        if (!TryRecover(process, out var run) || !IsAsBefore(process, run!, isPowerFailure, hadRoom))
            return null;

        world.Spoil(process.Chain);
        Begin(process, run, timeNs);
        return process;
    }

    /// <summary>Reads the whole journal, which must hold what was put on the ring.</summary>
    public void ReadAll()
    {
        _read = 0;
        ReadOn();
    }

    private bool TryRecover(SimulatedProcess process, out RecoveredRun? run)
    {
        run = null;
        try
        {
            run = process.Recover();
            if (run is null)
                world.Violations.Add("a start found no journal");
        }
        catch (Exception problem) when (problem is IOException or InvalidDataException or StateException)
        {
            world.Violations.Add($"a start was refused: {Short(problem.Message)}");
        }

        return run is not null;
    }

    private bool IsAsBefore(SimulatedProcess process, RecoveredRun run, bool isPowerFailure, bool hadRoom)
    {
        if (run.End == JournalEnd.Torn && !isPowerFailure)
            world.Violations.Add($"a kill tore the journal: {Short(run.Notes[0])}");
        if (run.UnknownTimers > 0)
            world.Violations.Add($"{run.UnknownTimers} timers of the journal were set by nobody in its replay");
        CountHole(run);
        var end = ReadOn();
        if (end != run.Position.Sequence)
            world.Violations.Add($"the journal holds {end} events; the start went on before {run.Position.Sequence}");
        world.OnJournalRead(end, isPowerFailure, hadRoom);
        if (world.Violations.First is null)
            world.OnRecovered(process.Chain);
        return world.Violations.First is null;
    }

    /// <summary>What is cut though it is whole is kept, under another name.</summary>
    private void CountHole(RecoveredRun run)
    {
        var kept = Directory.GetFiles(folder, "*.before-repair*");
        if (run.LostRecords > 0 && kept.Length == 0)
            world.Violations.Add($"{run.LostRecords} whole records were cut, and not kept");
        Holes += run.LostRecords > 0 ? 1 : 0;
        foreach (var path in kept)
            File.Delete(path);
    }

    /// <summary>Reads what has come into the journal since it was last read. Returns where it ends.</summary>
    private long ReadOn()
    {
        try
        {
            using var reader = new JournalReader(folder, _read);
            var e = default(PipelineEvent);
            while (reader.TryRead(ref e))
            {
                if (reader.Sequence >= _read)
                    world.OnRecovered(reader.Sequence, in e);
            }

            return _read = reader.Position.Sequence;
        }
        catch (Exception problem) when (problem is JournalDamageException or InvalidDataException)
        {
            world.Violations.Add($"the journal cannot be read after a start: {Short(problem.Message)}");
            return -1;
        }
    }

    /// <summary>The folder has another name in each run.</summary>
    private string Short(string message) => message.Replace(folder, "", StringComparison.Ordinal);

    private void Begin(SimulatedProcess process, RecoveredRun? run, long timeNs)
    {
        process.Begin(run, disk, clock);
        process.Keep(timeNs);
        world.Venue.Process = process.FromVenue;
        if (world.Venue.IsConnected)
            RunState.TellOfVenues(1, process.FromVenue, timeNs);
        process.Settle();
    }
}
