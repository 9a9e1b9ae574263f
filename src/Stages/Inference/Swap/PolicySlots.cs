namespace ExecutionPipeline.Stages.Inference.Swap;

/// <summary>
/// Where loaded policies wait for the command that lets them decide, and for their end once no event can use them any
/// more. One thread loads and disposes, one decides; a slot is handed over by its state, and by nothing else:
/// <code>
///   free --loader--> prepared --stage--> taken --stage--> released --loader--> free
/// </code>
/// </summary>
public sealed class PolicySlots : IDisposable
{
    /// <summary>Of no slot: what the caller gave at the start, and disposes of itself.</summary>
    public const int None = -1;

    /// <summary>Who decides, a canary, what waits, and what was just let go, twice over.</summary>
    public const int Count = 8;

    private readonly LoadedPolicy?[] _policies = new LoadedPolicy?[Count];
    private readonly int[] _states = new int[Count];

    private enum State
    {
        Free,
        Prepared,
        Taken,
        Released,
    }

    /// <summary>Policies that are not disposed of yet.</summary>
    public int Live
    {
        get
        {
            var live = 0;
            for (var slot = 0; slot < Count; slot++)
            {
                if (StateOf(slot) != State.Free) live++;
            }

            return live;
        }
    }

    /// <summary>Puts a policy in a free slot. For the loading thread. False while none is free.</summary>
    public bool TryPrepare(LoadedPolicy policy, out int slot)
    {
        Collect();
        for (slot = 0; slot < Count; slot++)
        {
            if (StateOf(slot) != State.Free) continue;
            _policies[slot] = policy;
            Put(slot, State.Prepared);
            return true;
        }

        slot = None;
        return false;
    }

    /// <summary>Disposes of what was released. For the loading thread.</summary>
    public void Collect()
    {
        for (var slot = 0; slot < Count; slot++)
        {
            if (StateOf(slot) == State.Released) Clear(slot);
        }
    }

    /// <summary>Disposes of everything. For when no event is decided any more.</summary>
    public void Dispose()
    {
        for (var slot = 0; slot < Count; slot++)
        {
            if (StateOf(slot) != State.Free) Clear(slot);
        }
    }

    /// <summary>The policy of a prepared slot. For the deciding thread. Null when the slot holds none.</summary>
    internal IPolicyBackend? Take(int slot)
    {
        if ((uint)slot >= Count || StateOf(slot) != State.Prepared)
            return null;

        Put(slot, State.Taken);
        return _policies[slot]!.Backend;
    }

    /// <summary>Says that no event will use the slot's policy again. For the deciding thread.</summary>
    internal void Release(int slot)
    {
        if (slot != None) Put(slot, State.Released);
    }

    private void Clear(int slot)
    {
        _policies[slot]!.Dispose();
        _policies[slot] = null;
        Put(slot, State.Free);
    }

    // The two are each other's partners: what was written before a state is seen by whoever sees the state.
    private State StateOf(int slot) => (State)Volatile.Read(ref _states[slot]);

    private void Put(int slot, State state) => Volatile.Write(ref _states[slot], (int)state);
}
