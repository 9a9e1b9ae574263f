using System.Globalization;
using ExecutionPipeline.Cli.CommandLine;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ExecutionPipeline.Cli.Reports;

/// <summary>The figures for the terminal.</summary>
public static class ConsoleReport
{
    /// <summary>Writes latencies, what became of the signals, and the verdicts.</summary>
    public static void Write(IAnsiConsole console, RunReport report)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(report);
        console.WriteLine();
        console.Write(Latencies(report));
        if (report.LatencyNs.EndToEnd.Count == 0)
            console.WriteLine("No measured signal became an order, so there is no latency to show.");
        else
            WriteHiccup(console, report);
        if (report.Tail is { } tail)
            WriteTail(console, tail);
        console.WriteLine();
        console.Write(Counts(report));
        console.WriteLine();
        console.Write(Senders(report));
        if (report.OtherSignals > 0)
        {
            console.MarkupLine(
                $"[yellow]{ReportNames.Count(report.OtherSignals)} signals came from others than this run's engine: "
                + "the figures include them.[/]");
        }

        WriteOrders(console, report);
        WriteExecution(console, report);
        WriteSchedules(console, report);
        console.WriteLine();
        WriteVerdicts(console, report);
        WriteSettings(console, report);
    }

    private static Table Latencies(RunReport report)
    {
        var table = new Table().Border(TableBorder.Simple).Title("Latency of events that became orders, us");
        table.AddColumn(new TableColumn("stage").NoWrap());
        foreach (var name in (string[])["p50", "p90", "p99", "p99.9", "p99.99", "max"])
            table.AddColumn(new TableColumn(name).RightAligned().NoWrap());

        foreach (var (name, latency) in report.LatencyNs.Parts)
            AddLatency(table, name, latency, "default");
        table.AddEmptyRow();
        AddLatency(table, "end to end", report.LatencyNs.EndToEnd, "bold");
        foreach (var (thread, hiccup) in report.PlatformHiccupByThreadNs)
            AddLatency(table, $"hiccup, {thread}", hiccup, "grey");
        AddLatency(table, "hiccup, later", report.PlatformHiccupNs, "grey");
        return table;
    }

    private static void AddLatency(Table table, string name, LatencySummary latency, string style)
    {
        long[] values = [latency.P50, latency.P90, latency.P99, latency.P999, latency.P9999, latency.Max];
        string[] cells = [name, .. values.Select(value => latency.Count == 0 ? "-" : ReportNames.Microseconds(value))];
        table.AddRow(cells.Select(cell => new Text(cell, Style.Parse(style))));
    }

    private static void WriteHiccup(IAnsiConsole console, RunReport report)
    {
        var above = report.LatencyNs.EndToEnd.P99 - report.PlatformHiccupNs.P99;
        var end = above > 0
            ? $"end to end p99 is {ReportNames.Microseconds(above)} us above the machine's own"
            : "end to end p99 is not above the machine's own";
        console.WriteLine(
            "The later of two threads that only spin was late by "
            + $"{ReportNames.Microseconds(report.PlatformHiccupNs.P99)} us at p99 and "
            + $"{ReportNames.Microseconds(report.PlatformHiccupNs.P999)} us at p99.9 on this machine during this "
            + $"run: {end}.");
    }

    private static void WriteTail(IAnsiConsole console, TailFigures tail)
    {
        var table = new Table().Border(TableBorder.Simple)
            .Title($"What the signals above {ReportNames.Microseconds(tail.AboveNs)} us waited for");
        table.AddColumn(new TableColumn("cause"));
        foreach (var name in (string[])["signals", "share", "p50, us", "max, us"])
            table.AddColumn(new TableColumn(name).RightAligned().NoWrap());
        foreach (var cause in tail.Causes)
        {
            var share = ((double)cause.Signals / tail.Accounted).ToString("0.0 %", CultureInfo.InvariantCulture);
            table.AddRow(
                new Text(cause.Cause), new Text(ReportNames.Count(cause.Signals)), new Text(share),
                new Text(ReportNames.Microseconds(cause.MedianNs)), new Text(ReportNames.Microseconds(cause.MaxNs)));
        }

        if (tail.Causes.Count == 0)
            table.AddRow("no signal took so long");
        console.WriteLine();
        console.Write(table);
        var stolen = tail.StolenMs is { } ms
            ? string.Create(CultureInfo.InvariantCulture, $" The hypervisor took {ms:#,0} ms of these processors.")
            : "";
        var kept = tail.Accounted < tail.Signals ? $" Of {ReportNames.Count(tail.Signals)} the first are told." : "";
        console.WriteLine($"Source: {tail.Source}.{kept}{stolen}");
    }

    private static Table Counts(RunReport report)
    {
        var table = new Table().Border(TableBorder.Simple).Title("What became of the signals");
        table.AddColumn(new TableColumn("").NoWrap());
        table.AddColumn(new TableColumn("count").RightAligned());
        table.AddColumn(new TableColumn("share").RightAligned());
        AddCount(table, "sent", report.EventsSent, report.EventsSent);
        AddCount(table, "processed", report.EventsProcessed, report.EventsSent);
        foreach (var (key, count) in report.Outcomes)
            AddCount(table, $"  {ReportNames.Words(key)}", count, report.EventsSent);
        foreach (var (key, count) in report.RefusedByReason)
            AddCount(table, $"    refused for {ReportNames.Words(key)}", count, report.EventsSent);
        foreach (var (key, count) in report.DecidedLate)
            AddCount(table, $"too late for the models: {ReportNames.Words(key)}", count, report.EventsSent);
        foreach (var (key, count) in report.SizesCut)
            AddCount(table, $"size cut by {ReportNames.Words(key)}", count, report.EventsSent);
        AddCount(table, "rejected at the edge", report.Rejected, report.EventsSent);
        foreach (var (key, count) in report.RejectedByReason)
            AddCount(table, $"  {ReportNames.Words(key)}", count, report.EventsSent);
        foreach (var (key, count) in report.MarketRejectedByReason)
            AddCount(table, $"market updates rejected: {ReportNames.Words(key)}", count, null);
        foreach (var (key, count) in report.CommandsRejectedByReason)
            AddCount(table, $"commands rejected: {ReportNames.Words(key)}", count, null);
        AddCount(table, "lost", report.EventsLost, report.EventsSent);
        return table;
    }

    // A share of what one sender sent says nothing of what several did.
    private static void AddCount(Table table, string name, long? count, long? of)
    {
        var share = count is not { } part || of is not > 0 || part > of
            ? ""
            : ((double)part / of.Value).ToString("0.0 %", CultureInfo.InvariantCulture);
        table.AddRow(new Text(name), new Text(CountText(count)), new Text(share));
    }

    private static Table Senders(RunReport report)
    {
        var table = new Table().Border(TableBorder.Simple).Title("What came in, warm-up included");
        table.AddColumn(new TableColumn("stream").NoWrap().PadRight(0));
        table.AddColumn(new TableColumn("sender").NoWrap().PadRight(0));
        foreach (var name in (string[])["session", "sent", "came in", "rejected", "lost"])
            table.AddColumn(new TableColumn(name).RightAligned().NoWrap().PadRight(0));
        foreach (var sender in report.Senders)
        {
            string[] cells =
            [
                sender.Stream, sender.Sender, sender.Session?.ToString(CultureInfo.InvariantCulture) ?? "-",
                CountText(sender.Sent), CountText(sender.Received), CountText(sender.Rejected),
                CountText(sender.Lost),
            ];
            table.AddRow(cells.Select(static cell => new Text(cell)));
        }

        if (report.Senders.Count == 0)
            table.AddRow("nothing came in");
        return table;
    }

    private static string CountText(long? count) => count is { } known ? ReportNames.Count(known) : "unknown";

    private static void WriteOrders(IAnsiConsole console, RunReport report)
    {
        var orders = report.OrderFigures;
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Orders {report.Orders:#,0}: filled {orders.Filled:#,0}, expired {orders.Expired:#,0}, "
            + $"cancelled {orders.Cancelled:#,0}, rejected by the venue {orders.RejectedByVenue:#,0}; filled in part "
            + $"before their end {orders.PartiallyFilled:#,0}. Fills {report.Fills:#,0}, "
            + $"contracts {orders.ContractsFilled:#,0}, trades closed {orders.TradesClosed:#,0}."));
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Position at the end {orders.FinalPosition}, realised {orders.RealizedPnl:#,0.00} before fees "
            + $"of {orders.Fees:#,0.00}: the signals are random, so this says nothing of a strategy."));
    }

    /// <summary>How the decisions of each strategy were executed, and what ended the trades.</summary>
    private static void WriteExecution(IAnsiConsole console, RunReport report)
    {
        if (report.ByStrategy.Count > 0)
        {
            FigureTable.Write(
                console,
                "How decisions were executed",
                ["strategy", "orders", "slices", "contracts", "executed", "cost, bp"],
                [.. report.ByStrategy.Select(static one => (string[])
                [
                    one.Strategy, ReportNames.Count(one.Orders), ReportNames.Count(one.Slices),
                    ReportNames.Count(one.ContractsOrdered), ReportNames.Count(one.ContractsExecuted),
                    one.CostBps?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-",
                ])]);
        }

        if (report.ExitReasons.Count > 0)
            console.WriteLine($"Trades were ended by: {EndsOf(report.ExitReasons)}.");
    }

    /// <summary>How each strategy's schedule executes the same decisions.</summary>
    private static void WriteSchedules(IAnsiConsole console, RunReport report)
    {
        if (report.Schedules is not { } schedules)
            return;

        FigureTable.Write(
            console,
            $"The same {schedules.Signals} signals by each strategy's schedule, in {schedules.Minutes} minutes of a "
            + "generated market by a virtual clock",
            ["strategy", "orders", "slices", "filled", "cost, bp", "trades"],
            [.. schedules.ByStrategy.Select(static one => (string[])
            [
                one.Strategy, ReportNames.Count(one.Orders), ReportNames.Count(one.Slices),
                $"{ReportNames.Count(one.ContractsExecuted)}/{ReportNames.Count(one.ContractsOrdered)}",
                one.CostBps?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-",
                ReportNames.Count(one.Trades),
            ])]);
        foreach (var one in schedules.ByStrategy.Where(static one => one.ExitReasons.Count > 0))
            console.WriteLine($"{one.Strategy}: trades were ended by {EndsOf(one.ExitReasons)}.");
    }

    private static string EndsOf(IReadOnlyDictionary<string, long> reasons) => string.Join(
        ", ", reasons.Select(static pair => $"{ReportNames.Words(pair.Key)} {ReportNames.Count(pair.Value)}"));

    private static void WriteVerdicts(IAnsiConsole console, RunReport report)
    {
        if (!report.IsComplete)
            console.MarkupLine("[yellow]The run was ended before its time: the figures are of what was sent.[/]");
        foreach (var verdict in Verdict.Of(report))
        {
            var mark = verdict.IsMet switch
            {
                true => "[green]yes[/]",
                false => "[red]NO [/]",
                null => "[yellow]unknown[/]",
            };
            console.MarkupLine($"{mark} [bold]{verdict.Claim}[/]: {Markup.Escape(verdict.Evidence)}");
        }
    }

    private static void WriteSettings(IAnsiConsole console, RunReport report)
    {
        var settings = report.Settings;
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{report.ThroughputEps:#,0} events/s over {report.ElapsedS:0.0###} s, from when the first was to be "
            + $"sent to when the last was through (asked for {settings.RateEps:#,0}), "
            + $"warm-up {report.EventsWarmup:#,0}, "
            + $"first signal after the start {ReportNames.Microseconds(report.FirstSignalNs)} us, "
            + $"topology {report.Topology}, driver {report.Driver}, "
            + $"inference {report.InferenceBackend}, wait {settings.Wait}, seed {settings.Seed}, "
            + $"market data {settings.MarketData} at {settings.Speed} x, processors {report.CpuSet} "
            + $"(pinned: {settings.Pinned}), {report.Machine}, {settings.Runtime}");
        console.Write(new Text(text + "\n", new Style(foreground: Color.Grey)));
    }
}

/// <summary>
/// Tables whose figures are never cut nor broken: where the console is too narrow for all of them, those that do not
/// fit follow in a further table with the same names. A long name is broken instead, and is printed without control
/// characters, since it may come from a file.
/// </summary>
public static class FigureTable
{
    private const int NameWidthMax = 30;

    /// <summary>Writes the table or the tables.</summary>
    /// <param name="console">Where to, and how wide.</param>
    /// <param name="title">Over the first table; null: none.</param>
    /// <param name="columns">The heads, that of the names first.</param>
    /// <param name="rows">A cell for each column.</param>
    public static void Write(
        IAnsiConsole console, string? title, IReadOnlyList<string> columns, IReadOnlyList<string[]> rows)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        for (var first = 1; first < columns.Count; title = null)
        {
            var count = columns.Count - first;
            var table = Build(columns, rows, first, count);
            while (count > 1 && WidthOf(console, table) > console.Profile.Width)
                table = Build(columns, rows, first, --count);
            if (title != null)
                table.Title(Markup.Escape(PrintableText.Escape(title)));
            console.Write(table);
            first += count;
        }
    }

    private static Table Build(IReadOnlyList<string> columns, IReadOnlyList<string[]> rows, int first, int count)
    {
        var names = rows.Select(static row => PrintableText.Escape(row[0])).ToArray();
        var nameWidth = Math.Min(NameWidthMax, names.Append(columns[0]).Max(static name => name.Length));
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn(new TableColumn(columns[0]).Width(nameWidth));
        foreach (var figure in columns.Skip(first).Take(count))
            table.AddColumn(new TableColumn(figure).RightAligned().NoWrap());
        for (var row = 0; row < rows.Count; row++)
            table.AddRow(rows[row].Skip(first).Take(count).Prepend(names[row]).Select(static cell => new Text(cell)));
        return table;
    }

    private static int WidthOf(IAnsiConsole console, IRenderable table) =>
        table.Measure(RenderOptions.Create(console, console.Profile.Capabilities), int.MaxValue / 4).Max;
}

/// <summary>A claim of the pipeline, and whether the run bore it out.</summary>
/// <param name="Claim">Two words, such as "zero loss".</param>
/// <param name="IsMet">Whether it held; null: that is not known.</param>
/// <param name="Evidence">The figures.</param>
public sealed record Verdict(string Claim, bool? IsMet, string Evidence)
{
    /// <summary>The claims that each run is held against.</summary>
    public static IReadOnlyList<Verdict> Of(RunReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return
        [
            LossOf(report),
            Measured(
                report,
                "zero allocation",
                report.AllocatedBytesPerEvent == 0,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{report.AllocatedBytesPerEvent:0.######} bytes an event on the hot threads")),
            Measured(
                report,
                "no collection",
                report.GcCollections == 0,
                $"{ReportNames.Count(report.GcCollections)} garbage collections in the measured time"),
        ];
    }

    private static Verdict LossOf(RunReport report)
    {
        const string claim = "zero loss";
        if (report.EventsLost is not { } lost || report.EventsSent is not { } sent)
            return new Verdict(claim, null, "the tactical engine did not say what it sent");
        if (report.OtherSignals > 0)
        {
            var evidence = $"{ReportNames.Count(lost)} of the engine's signals lost; "
                + $"{ReportNames.Count(report.OtherSignals)} of other senders came in beside them";
            return new Verdict(claim, lost == 0, evidence);
        }

        if (sent == 0 && lost == 0)
            return new Verdict(claim, null, "no measured signal was sent");

        return new Verdict(
            claim,
            sent == report.EventsProcessed + report.Rejected && lost == 0,
            $"{ReportNames.Count(sent)} sent = {ReportNames.Count(report.EventsProcessed)} processed"
            + $" + {ReportNames.Count(report.Rejected)} rejected with a reason"
            + $" + {ReportNames.Count(lost)} lost");
    }

    private static Verdict Measured(RunReport report, string claim, bool isMet, string evidence) =>
        report.EventsProcessed > 0
            ? new Verdict(claim, isMet, evidence)
            : new Verdict(claim, null, "no signal was measured");
}
