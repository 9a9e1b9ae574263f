using System.Numerics;
using ExecutionPipeline.Execution.State;

namespace ExecutionPipeline.Execution.Venues;

/// <summary>
/// Several sorted lists of keys that share their memory, as skip lists: the first key of a list and the one after a key
/// are found at once, any other in a time that grows with the logarithm of the keys. A key's height follows from its
/// hash, so that equal input gives equal lists. Nothing is allocated after the start.
/// </summary>
internal sealed class SortedLevels : IStateful
{
    /// <summary>With a quarter of the keys in each next row, enough for a million keys.</summary>
    private const int Rows = 10;

    private readonly long[] _keys;
    private readonly int[] _next;

    /// <summary>Where the search for a key went down, row by row.</summary>
    private readonly int[] _path = new int[Rows];
    private int _free;
    private int _used;

    /// <param name="lists">Number of lists; the level with a list's number stands before its first.</param>
    /// <param name="capacity">The most keys of all lists together.</param>
    public SortedLevels(int lists, int capacity)
    {
        _keys = new long[lists + capacity];
        _next = new int[(lists + capacity) * Rows];
        _used = lists;
    }

    /// <summary>Levels that there are room for, the heads of the lists included.</summary>
    public int Size => _keys.Length;

    /// <summary>The level with the lowest key of a list; 0 for none.</summary>
    public int First(int list) => _next[list * Rows];

    /// <summary>The level with the next higher key; 0 for none.</summary>
    public int After(int level) => _next[level * Rows];

    public long KeyOf(int level) => _keys[level];

    /// <summary>The level of a key; 0 when the list has none.</summary>
    public int Find(int list, long key)
    {
        var first = First(list);
        if (first == 0 || _keys[first] >= key)
            return first != 0 && _keys[first] == key ? first : 0;

        var found = After(Descend(list, key));
        return found != 0 && _keys[found] == key ? found : 0;
    }

    /// <summary>The level of a key, made where there is none. There must be room.</summary>
    public int FindOrAdd(int list, long key)
    {
        var found = After(Descend(list, key));
        if (found != 0 && _keys[found] == key)
            return found;

        var level = TakeFree();
        _keys[level] = key;
        var height = HeightOf(key);
        for (var row = 0; row < height; row++)
        {
            ref var link = ref _next[_path[row] * Rows + row];
            _next[level * Rows + row] = link;
            link = level;
        }

        return level;
    }

    public void Remove(int list, int level)
    {
        Descend(list, _keys[level]);
        for (var row = HeightOf(_keys[level]) - 1; row >= 0; row--)
            _next[_path[row] * Rows + row] = _next[level * Rows + row];

        _next[level * Rows] = _free;
        _free = level;
    }

    public void Transfer(StateStream state)
    {
        state.Array(_keys);
        state.Array(_next);
        state.Value(ref _free);
        state.Value(ref _used);
    }

    private int TakeFree()
    {
        if (_free == 0)
            return _used++;

        var level = _free;
        _free = _next[level * Rows];
        return level;
    }

    /// <summary>The last level before a key; the path to it stays in <see cref="_path"/>.</summary>
    private int Descend(int list, long key)
    {
        var at = list;
        for (var row = Rows - 1; row >= 0; row--)
        {
            for (var next = _next[at * Rows + row]; next != 0 && _keys[next] < key; next = _next[at * Rows + row])
                at = next;

            _path[row] = at;
        }

        return at;
    }

    private static int HeightOf(long key)
    {
        // Two bits of the hash a row; the bit that is set bounds the count.
        var hash = (ulong)key * 0x9E3779B97F4A7C15UL >> 32 | 1UL << (2 * (Rows - 1));
        return 1 + BitOperations.TrailingZeroCount(hash) / 2;
    }
}
