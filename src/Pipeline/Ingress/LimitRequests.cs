using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Pipeline.Ingress;

/// <summary>Changes of limits that wait for ingress. Any thread asks for them, ingress alone takes them.</summary>
public sealed class LimitRequests
{
    private readonly ConcurrentQueue<Command> _requests = new();
    private int _waiting;

    /// <summary>Asks that the change of a limit be put on the ring.</summary>
    /// <param name="limit">Which one.</param>
    /// <param name="value">In the unit of its option, and in its range.</param>
    /// <param name="reason">See <see cref="CommandReason"/>.</param>
    public void Add(LimitKey limit, double value, int reason)
    {
        _requests.Enqueue(new Command
        {
            Kind = CommandKind.SetLimit,
            Reason = reason,
            Limit = limit,
            LimitValue = value,
        });
        // Paired with the read in MoveTo.
        Interlocked.Increment(ref _waiting);
    }

    /// <summary>Moves them to the commands that wait for room on the ring.</summary>
    internal void MoveTo(CommandQueue commands, long timeNs)
    {
        // Paired with the increment in Add.
        if (Volatile.Read(ref _waiting) > 0)
            Move(commands, timeNs);
    }

    /// <summary>A limit is the whole pipeline's: one event tells every stage.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Move(CommandQueue commands, long timeNs)
    {
        while (commands.HasRoomFor(1) && _requests.TryDequeue(out var command))
        {
            Interlocked.Decrement(ref _waiting);
            command.SendTimeNs = timeNs;
            commands.Add(new EventHeader { Kind = EventKind.Command }, in command);
        }
    }
}
