using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Pipeline.Ingress;

/// <summary>
/// Commands that were taken in and wait for room on the ring. All memory is taken at start; one thread.
/// </summary>
internal sealed class CommandQueue(int capacity)
{
    private readonly (EventHeader Header, Command Command)[] _items = new (EventHeader, Command)[capacity];
    private long _resumesFromNs;
    private long _first;
    private long _next;

    public bool IsEmpty => _first == _next;

    /// <summary>Whether so many more can be kept.</summary>
    public bool HasRoomFor(int count) => _next - _first + count <= _items.Length;

    /// <summary>The oldest command's header. Not when it is empty.</summary>
    public ref readonly EventHeader Header => ref _items[_first % _items.Length].Header;

    /// <summary>The oldest command. Not when it is empty.</summary>
    public ref readonly Command Command => ref _items[_first % _items.Length].Command;

    /// <summary>Keeps a command. Not when it is full.</summary>
    public void Add(in EventHeader header, in Command command)
    {
        ref var item = ref _items[_next++ % _items.Length];
        item = (header, command);
        if (command.Kind == CommandKind.Resume && command.SendTimeNs < _resumesFromNs)
            item.Command.Reason = 0;
    }

    /// <summary>Forgets the oldest command. Not when it is empty.</summary>
    public void RemoveOldest() => _first++;

    /// <summary>
    /// Takes the reason from every resume that waits, and from those that come in later and were sent before the kill:
    /// they are answered, and release nothing.
    /// </summary>
    /// <param name="killNs">
    /// When the kill was sent, not after now: a clock that is ahead stops no resume that is sent from now on.
    /// </param>
    public void OverruleResumes(long killNs)
    {
        _resumesFromNs = Math.Max(_resumesFromNs, killNs);
        for (var i = _first; i < _next; i++)
        {
            ref var command = ref _items[i % _items.Length].Command;
            if (command.Kind == CommandKind.Resume)
                command.Reason = 0;
        }
    }
}
