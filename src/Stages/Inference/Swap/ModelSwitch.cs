using System.Runtime.CompilerServices;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Native;
using ExecutionPipeline.Quant;

namespace ExecutionPipeline.Stages.Inference.Swap;

/// <summary>
/// Who decides. A command exchanges a reference to a policy that another thread has loaded, between two events, so
/// that none is missed and none is decided by halves; what was exchanged is released at once, because nobody else runs
/// it. What it does depends on the events alone; the clock is read for a canary's figures, and for nothing else.
/// </summary>
public sealed class ModelSwitch : IStateful
{
    private const ulong ShareKey = 0xCA9A27;
    private const uint AllBps = 10_000;

    /// <summary>So many versions in a row can be rolled back before the store has been told of the first.</summary>
    private const int MostLeft = 16;

    private readonly CanaryOptions _options;
    private IPolicyBackend _incumbent;
    private int _incumbentSlot = PolicySlots.None;
    private IPolicyBackend? _candidate;
    private int _candidateSlot = PolicySlots.None;
    private ulong _version;
    private ulong[] _left = [];
    private bool _isNamed;
    private ulong? _held;
    private long _swaps;
    private CanaryFigures? _canary;

    internal ModelSwitch(IPolicyBackend incumbent, CanaryOptions options)
    {
        options.Validate();
        _incumbent = incumbent;
        _options = options;
    }

    /// <summary>Where loaded policies wait for their command.</summary>
    public PolicySlots Slots { get; } = new();

    /// <summary>Of the models that decide, as commands said; 0 before the first.</summary>
    public ulong Version => Volatile.Read(ref _version);

    /// <summary>
    /// The versions that rollbacks have left and that have not decided since, latest first: nothing returns to them.
    /// </summary>
    public ReadOnlySpan<ulong> Left => Volatile.Read(ref _left);

    /// <summary>The last canary, running or ended; null before the first.</summary>
    public CanaryFigures? Canary => Volatile.Read(ref _canary);

    /// <summary>Whether a command has said who decides, be it the one that names who does from the start.</summary>
    public bool IsNamed => _isNamed;

    /// <summary>Commands that changed who decides.</summary>
    public long Swaps => Volatile.Read(ref _swaps);

    /// <summary>Commands that there was nothing to do for, as a rollback of a canary that the rule has ended.</summary>
    public long Ignored { get; private set; }

    /// <summary>
    /// Opens the models of a version that a loaded state says decide, where they are not those of the start. Null: such
    /// a state is refused.
    /// </summary>
    public Func<ulong, LoadedPolicy>? Open { get; set; }

    /// <summary>
    /// Which models decide, and which are tried. Where they lie is not passed: a state is loaded with nothing running.
    /// </summary>
    public void Transfer(StateStream state)
    {
        var (version, swaps) = state.Next((_version, _swaps));
        var isNamed = state.Next(_isNamed);
        var left = TransferLeft(state);
        Ignored = state.Next(Ignored);
        var isTried = state.Next(_candidate is not null);
        var canary = CanaryFigures.Transfer(_canary, state);
        if (!state.IsReading)
            return;

        if (!IsHeld(version, swaps, isNamed))
        {
            (_incumbent, _incumbentSlot) = OpenFor(version, _incumbentSlot);
            _held = version;
        }

        if (isTried)
            (_candidate, _candidateSlot) = OpenFor(canary?.Version ?? 0, _candidateSlot);
        else
            TryEnd(CanaryState.RolledBack);
        _isNamed = isNamed;
        // Each of these is paired with the read in the property of its name.
        Volatile.Write(ref _canary, canary);
        Volatile.Write(ref _left, left);
        Volatile.Write(ref _version, version);
        Volatile.Write(ref _swaps, swaps);
    }

    internal IPolicyBackend Incumbent => _incumbent;

    /// <summary>Says of which version the models of the start are; without it, those that a state names.</summary>
    public void HoldAtStart(ulong version) => _held = version;

    /// <summary>Fills the outputs, which need not be valid, and says in the decision whose they are.</summary>
    internal void Run(in ContextFeatures features, ulong signalId, ref Decision decision)
    {
        if (_candidate is not null)
            RunBeside(in features, signalId, ref decision);
        else
            RunIncumbent(in features, ref decision);
    }

    internal static void Sign(ref Decision decision, DecisionSource source, ulong version, bool isCanary)
    {
        decision.Source = source;
        decision.ModelVersion = version;
        decision.Canary = isCanary ? (byte)1 : (byte)0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void OnCommand(in Command command)
    {
        var isDone = command.Kind switch
        {
            CommandKind.DeployModel when command.ModelSlot == PolicySlots.None => TryName(command.ModelVersion),
            CommandKind.DeployModel => TryDeploy(in command),
            CommandKind.CanaryModel => TryStart(in command),
            CommandKind.PromoteModel => TryPromote(),
            CommandKind.RollbackModel => TryEnd(CanaryState.RolledBack),
            _ => false,
        };
        if (!isDone) Ignored++;
    }

    /// <summary>Says what version it is that decides already: the first event of a run with a store.</summary>
    private bool TryName(ulong version)
    {
        _isNamed = true;
        // Each of these is paired with the read in Version.
        Volatile.Write(ref _version, version);
        return true;
    }

    private bool TryDeploy(in Command command)
    {
        if (Slots.Take(command.ModelSlot) is not { } policy)
            return false;

        TryEnd(CanaryState.RolledBack);
        Leave(command.ModelVersion, command.IsRollback != 0);
        Exchange(policy, command.ModelSlot, command.ModelVersion);
        return true;
    }

    private bool TryStart(in Command command)
    {
        if (Slots.Take(command.ModelSlot) is not { } policy)
            return false;

        TryEnd(CanaryState.RolledBack);
        _candidate = policy;
        _candidateSlot = command.ModelSlot;
        var canary = new CanaryFigures
        {
            Version = command.ModelVersion,
            ShareBps = command.CanaryShareBps,
            State = CanaryState.Running,
        };
        // Paired with the read in Canary.
        Volatile.Write(ref _canary, canary);
        return true;
    }

    private bool TryPromote()
    {
        if (_candidate is not { } policy)
            return false;

        var slot = _candidateSlot;
        _candidate = null;
        _candidateSlot = PolicySlots.None;
        _canary!.State = CanaryState.Promoted;
        Leave(_canary.Version, isRollback: false);
        Exchange(policy, slot, _canary.Version);
        return true;
    }

    private bool TryEnd(CanaryState state)
    {
        if (_candidate is null)
            return false;

        Slots.Release(_candidateSlot);
        _candidate = null;
        _candidateSlot = PolicySlots.None;
        _canary!.State = state;
        return true;
    }

    /// <summary>
    /// Whether what decides here is what a state says. What decided from the start was only named, and the start may be
    /// with others this time; where nobody has named either, the commands that there were must be the same. The rules'
    /// version is a version as any.
    /// </summary>
    private bool IsHeld(ulong version, long swaps, bool isNamed) => isNamed && _held is { } held
        ? version == held
        : swaps == _swaps && (version == _version || swaps == 0);

    private (IPolicyBackend Policy, int Slot) OpenFor(ulong version, int slotBefore)
    {
        if (Open is null)
            throw new StateException($"the state needs the models {version:x16}, and there is no store of models.");

        Slots.Release(slotBefore);
        if (!Slots.TryPrepare(Open(version), out var slot))
            throw new StateException($"there is no room to open the models {version:x16} of the state.");

        return (Slots.Take(slot)!, slot);
    }

    /// <summary>What decides next is left no more, and a rollback leaves what decides now.</summary>
    private void Leave(ulong next, bool isRollback)
    {
        if (!isRollback && Array.IndexOf(_left, next) < 0)
            return;

        Span<ulong> left = stackalloc ulong[MostLeft];
        var count = 0;
        if (isRollback && _version != next)
            left[count++] = _version;
        foreach (var one in _left)
        {
            if (one != next && one != _version && count < MostLeft)
                left[count++] = one;
        }

        // Paired with the read in Left; before the version, so that who sees that sees what it has left.
        Volatile.Write(ref _left, left[..count].ToArray());
    }

    private ulong[] TransferLeft(StateStream state)
    {
        var left = new ulong[MostLeft];
        _left.CopyTo(left, 0);
        var count = state.Next(_left.Length);
        state.Array(left.AsSpan());
        return left[..Math.Clamp(count, 0, MostLeft)];
    }

    private void Exchange(IPolicyBackend policy, int slot, ulong version)
    {
        Slots.Release(_incumbentSlot);
        _incumbent = policy;
        _incumbentSlot = slot;
        (_held, _isNamed) = (version, true);
        Volatile.Write(ref _version, version);
        // Paired with the read in Swaps: who sees the count sees the version.
        Volatile.Write(ref _swaps, _swaps + 1);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RunBeside(in ContextFeatures features, ulong signalId, ref Decision decision)
    {
        var canary = _canary!;
        if (Philox.Draw(ShareKey, signalId).X % AllBps >= (uint)canary.ShareBps)
        {
            canary.AddOther();
            RunIncumbent(in features, ref decision);
            return;
        }

        var other = default(PolicyOutputs);
        var startNs = NanoClock.NowNs();
        _candidate!.Run(in features, ref decision.Outputs);
        var middleNs = NanoClock.NowNs();
        _incumbent.Run(in features, ref other);
        canary.AddTimes(middleNs - startNs, NanoClock.NowNs() - middleNs);
        Judge(canary, ref decision, in other);
    }

    private void RunIncumbent(in ContextFeatures features, ref Decision decision)
    {
        _incumbent.Run(in features, ref decision.Outputs);
        Sign(ref decision, _incumbent.Source, _version, isCanary: false);
    }

    private void Judge(CanaryFigures canary, ref Decision decision, in PolicyOutputs other)
    {
        if (PolicyBounds.IsValid(in decision.Outputs))
        {
            canary.Add(in decision.Outputs, in other);
            Sign(ref decision, _candidate!.Source, canary.Version, isCanary: true);
        }
        else
        {
            canary.AddInvalid();
            decision.Outputs = other;
            Sign(ref decision, _incumbent.Source, _version, isCanary: false);
        }

        if (canary.Invalid > _options.MaxInvalid)
            TryEnd(CanaryState.RolledBackInvalid);
        else if (canary.Decisions >= _options.MinDecisions
            && canary.Disagreements > _options.MaxDisagreement * canary.Decisions)
            TryEnd(CanaryState.RolledBackDisagreement);
    }
}
