using System.Runtime.CompilerServices;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Routing;

/// <summary>
/// What the routing stage did beside the event's own order: a preallocated ring with one writer, read by those who
/// follow routing on the event ring. An event names its range. Where a follower has a thread of its own, the writer
/// waits for it when the ring is full; on one thread the log begins anew with each event, and stays in the cache.
/// </summary>
public sealed class ActionLog
{
    /// <summary>What one event can cause at most: as many as there can be orders, twice.</summary>
    public const int DefaultCapacity = 65_536;

    /// <summary>Followers that take longer have ended.</summary>
    private const long PatienceMs = 10_000;

    private readonly RoutingAction[] _actions;
    private readonly bool _isShared;
    private long _next;
    private long _first;
    private long _released;

    /// <param name="isShared">Whether the followers have a thread of their own.</param>
    /// <param name="capacity">A power of two.</param>
    public ActionLog(bool isShared = false, int capacity = DefaultCapacity)
    {
        if (capacity < 1 || !System.Numerics.BitOperations.IsPow2(capacity))
            throw new ArgumentException($"{capacity} is no power of two.", nameof(capacity));

        _actions = new RoutingAction[capacity];
        _isShared = isShared;
    }

    /// <summary>An action by its place in the log.</summary>
    public ref readonly RoutingAction this[int place] => ref _actions[place & (_actions.Length - 1)];

    /// <summary>Routing begins an event.</summary>
    public void Begin()
    {
        if (!_isShared)
            _next = 0;
        _first = _next;
    }

    /// <summary>Routing has handled the event: it names its actions.</summary>
    public void End(ref PipelineEvent e)
    {
        e.Routing.FirstAction = (int)(_first & (_actions.Length - 1));
        e.Routing.ActionCount = (int)(_next - _first);
    }

    /// <summary>The followers have read all actions of an event.</summary>
    // Paired with the read in Add.
    public void Release(ref readonly PipelineEvent e)
    {
        if (_isShared && e.Routing.ActionCount > 0)
            Volatile.Write(ref _released, _released + e.Routing.ActionCount);
    }

    /// <summary>A new action, to be written whole.</summary>
    /// <exception cref="InvalidOperationException">One event caused more actions than the log holds.</exception>
    public ref RoutingAction Add()
    {
        if (_next - (_isShared ? Volatile.Read(ref _released) : _first) >= _actions.Length)
            AwaitRoom();

        return ref _actions[_next++ & (_actions.Length - 1)];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AwaitRoom()
    {
        if (_next - _first >= _actions.Length)
            throw new InvalidOperationException($"one event caused more than {_actions.Length} actions");

        var wait = new SpinWait();
        var sinceMs = Environment.TickCount64;
        while (_next - Volatile.Read(ref _released) >= _actions.Length)
        {
            if (Environment.TickCount64 - sinceMs > PatienceMs)
                throw new InvalidOperationException($"the followers have read no action for {PatienceMs} ms");

            wait.SpinOnce();
        }
    }
}
