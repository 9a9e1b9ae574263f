using System.Globalization;
using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Control.Security;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace ExecutionPipeline.Control.Api;

/// <summary>A version of the models in the store.</summary>
/// <param name="Version">Its 16 hexadecimal digits.</param>
/// <param name="Role">current, previous, or empty.</param>
/// <param name="Created">When it came into the store; null: it is not known.</param>
/// <param name="Parent">What decided then; null: nothing, or it is not known.</param>
/// <param name="Accuracy">The lesser of its actors' accuracies when it was made.</param>
/// <param name="Problem">Why it cannot be read; null: it can.</param>
public sealed record ModelInfo(
    string Version, string Role, DateTimeOffset? Created, string? Parent, double Accuracy, string? Problem);

/// <summary>What a version showed when it was measured.</summary>
/// <param name="Version">Its 16 hexadecimal digits.</param>
/// <param name="IsPassed">Whether it may decide.</param>
/// <param name="Figures">Each check with its value and limit.</param>
public sealed record ModelMeasurement(string Version, bool IsPassed, object Figures);

/// <summary>The store of models, which this project does not read itself: it refers to no stage.</summary>
public interface IModelDesk
{
    /// <summary>Every version, the latest first.</summary>
    /// <exception cref="BadFieldException">The store cannot be read.</exception>
    IReadOnlyList<ModelInfo> List();

    /// <summary>Verifies a version's files and measures it.</summary>
    /// <param name="version">current, previous, or how it begins.</param>
    /// <param name="cancel">Ends it early.</param>
    /// <exception cref="BadFieldException">There is no such version, or it cannot be used.</exception>
    ModelMeasurement Measure(string version, CancellationToken cancel);
}

/// <summary>
/// Models: what the store has, what decides, and the commands that exchange it from one event of the ring to the next.
/// A canary's figures are those that the pipeline publishes, and its state tells why it ended.
/// </summary>
internal sealed class ModelApi(
    ControlOptions options, Commander commander, PipelineLink link, PipelineRecords records, CounterWatch counters,
    ILogger<ModelApi> logger)
{
    private const int LastDecisions = 1_000;
    private const int UsualShareBps = 500;
    private const int MostShareBps = 10_000;
    private const int PrefixDigits = 8;

    private readonly SemaphoreSlim _measuring = new(1, 1);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/models", List).RequireAuthorization(Access.Look)
            .WithSummary("The versions of the store, and which versions made the last 1,000 decisions.");
        routes.MapPost("/models/{id}/validate", (Delegate)ValidateAsync).RequireAuthorization(Access.Release)
            .WithSummary("Measures a version: latency, accuracy, stability, safety.");
        routes.MapPost("/models/{id}/deploy", (HttpContext context, string id) =>
            SendMeasuredAsync(context, CommandKind.DeployModel, id)).RequireAuthorization(Access.Release)
            .WithSummary("Measures a version, then lets it decide.");
        routes.MapPost("/models/{id}/canary", (HttpContext context, string id) =>
            SendMeasuredAsync(context, CommandKind.CanaryModel, id)).RequireAuthorization(Access.Release)
            .WithSummary("Measures a version, then lets it decide share_bps of the signals (500).");
        routes.MapPost("/models/promote", (Delegate)((HttpContext context) =>
            SendAsync(context, CommandKind.PromoteModel))).RequireAuthorization(Access.Release)
            .WithSummary("Lets the canary decide everything.");
        routes.MapPost("/models/rollback", (Delegate)((HttpContext context) =>
            SendAsync(context, CommandKind.RollbackModel))).RequireAuthorization(Access.Stop)
            .WithSummary("Ends the canary; where none runs, the models before these decide again.");
    }

    private IResult List()
    {
        var decisions = records.Decisions.Page(static _ => true, null, LastDecisions).Items
            .Select(static kept => DeciderOf(PipelineMessages.Decision(kept.Message)))
            .GroupBy(static one => one).Select(static group => new
            {
                group.Key.Version,
                group.Key.Source,
                group.Key.Canary,
                Decisions = group.Count(),
            }).OrderByDescending(static one => one.Decisions);
        return Results.Json(
            new
            {
                Items = options.Models?.List() ?? [],
                HasStore = options.Models is not null,
                Deciding = decisions,
                Canary = CanaryOf(counters.Last.Reading),
            },
            Json.Options);
    }

    /// <summary>The last canary beside the models that it runs or ran with; null: there was none.</summary>
    private static object? CanaryOf(PipelineReading? reading)
    {
        if (reading is null || Of(CanaryGauge.State) == 0)
            return null;

        const double nanosPerMicro = 1e3;
        var decisions = Of(CanaryGauge.Decisions);
        return new
        {
            Version = VersionText((ulong)Of(CanaryGauge.Version)),
            State = Json.NameOf((CanaryState)Of(CanaryGauge.State)),
            ShareBps = Of(CanaryGauge.ShareBps),
            Decisions = decisions,
            Others = Of(CanaryGauge.Others),
            Invalid = Of(CanaryGauge.Invalid),
            DisagreementRate = decisions == 0 ? (double?)null : (double)Of(CanaryGauge.Disagreements) / decisions,
            MeanSizeDifference = Of(CanaryGauge.SizeDifferenceE6) / 1e6,
            MeanUs = Of(CanaryGauge.CandidateNs) / nanosPerMicro,
            IncumbentMeanUs = Of(CanaryGauge.IncumbentNs) / nanosPerMicro,
        };

        long Of(CanaryGauge gauge) => reading[PipelineFigure.Canary, (int)gauge];
    }

    private static (string Version, string Source, bool Canary) DeciderOf(DecisionDecoder decision) => (
        VersionText(decision.ModelVersion), Json.NameOf(decision.Source),
        decision.IsCanary);

    private static string VersionText(ulong version) => version.ToString("x16", CultureInfo.InvariantCulture);

    private async Task<IResult> ValidateAsync(HttpContext context, string id)
    {
        var body = await RequestBody.ReadAsync(context.Request).ConfigureAwait(false);
        body.MustBeRead();
        var measured = await MeasureAsync(id, context.RequestAborted).ConfigureAwait(false);
        return measured is null ? NoStore() : Results.Json(measured, Json.Options);
    }

    private async Task<IResult> SendMeasuredAsync(HttpContext context, CommandKind kind, string id)
    {
        var body = await RequestBody.ReadAsync(context.Request).ConfigureAwait(false);
        var reason = body.Whole("reason", 1, int.MaxValue) ?? throw body.Missing("reason");
        var share = kind == CommandKind.CanaryModel
            ? body.Whole("share_bps", 1, MostShareBps) ?? UsualShareBps
            : 0;
        body.MustBeRead();
        if (await MeasureAsync(id, context.RequestAborted).ConfigureAwait(false) is not { } measured)
            return NoStore();
        if (!measured.IsPassed)
        {
            CommandReply.Tell(context, $"{Json.NameOf(kind)} {measured.Version}", "not valid", logger);
            return Results.Json(measured, Json.Options, statusCode: StatusCodes.Status422UnprocessableEntity);
        }

        var prefix = uint.Parse(
            measured.Version.AsSpan(0, PrefixDigits), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return await SendAsync(context, new RingCommand(kind, (int)reason, Caller.OperatorOf(context.User))
        {
            ModelPrefix = prefix,
            CanaryShareBps = (ushort)share,
        }, measured.Version).ConfigureAwait(false);
    }

    private async Task<IResult> SendAsync(HttpContext context, CommandKind kind)
    {
        var body = await RequestBody.ReadAsync(context.Request).ConfigureAwait(false);
        var reason = body.Whole("reason", 1, int.MaxValue) ?? throw body.Missing("reason");
        body.MustBeRead();
        return await SendAsync(
            context, new RingCommand(kind, (int)reason, Caller.OperatorOf(context.User)), "")
            .ConfigureAwait(false);
    }

    private async Task<IResult> SendAsync(HttpContext context, RingCommand command, string version) =>
        CommandReply.Of(
            context, Json.NameOf(command.Kind), await commander.SendAsync(command).ConfigureAwait(false), link, logger,
            version);

    /// <summary>One at a time: each takes a processor for seconds. Null: there is no store.</summary>
    private async Task<ModelMeasurement?> MeasureAsync(string version, CancellationToken cancel)
    {
        if (options.Models is not { } models)
            return null;

        await _measuring.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => models.Measure(version, cancel), cancel).ConfigureAwait(false);
        }
        finally
        {
            _measuring.Release();
        }
    }

    private static IResult NoStore() => Problem.Of(
        StatusCodes.Status409Conflict, "models",
        "this control plane was started without a store of models: host.models names one");
}
