namespace ExecutionPipeline.MarketData.Books;

/// <summary>The first and the last of a queue, by their indexes; -1: none.</summary>
internal struct QueueEnds
{
    public int First;
    public int Last;

    public static QueueEnds Empty => new() { First = QueueLinks.None, Last = QueueLinks.None };
}

/// <summary>Doubly linked queues over the indexes of a pool, whose entries are each in one queue at most.</summary>
internal sealed class QueueLinks(int capacity)
{
    public const int None = -1;

    private Link[] _links = new Link[capacity];

    /// <summary>The one behind, or <see cref="None"/>.</summary>
    public int Next(int index) => _links[index].Next;

    /// <summary>The one ahead, or <see cref="None"/>.</summary>
    public int Previous(int index) => _links[index].Previous;

    public void Append(ref QueueEnds ends, int index)
    {
        if (index >= _links.Length)
            Array.Resize(ref _links, Math.Max(index + 1, _links.Length * 2));

        _links[index] = new Link { Previous = ends.Last, Next = None };
        if (ends.Last == None)
            ends.First = index;
        else
            _links[ends.Last].Next = index;

        ends.Last = index;
    }

    public void Remove(ref QueueEnds ends, int index)
    {
        var link = _links[index];
        if (link.Previous == None)
            ends.First = link.Next;
        else
            _links[link.Previous].Next = link.Next;

        if (link.Next == None)
            ends.Last = link.Previous;
        else
            _links[link.Next].Previous = link.Previous;
    }

    private struct Link
    {
        public int Next;
        public int Previous;
    }
}
