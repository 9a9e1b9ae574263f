namespace ExecutionPipeline.Disruptor;

/// <summary>Changes arrays of sequences that other threads read without a lock, by replacing the array.</summary>
internal static class SequenceGroups
{
    public static void AddSequences(ref Sequence[] sequences, ICursored cursor, params Sequence[] sequencesToAdd)
    {
        Sequence[] current;
        Sequence[] updated;
        do
        {
            // Acquire: pairs with the exchange below, on whichever thread changed the array last.
            current = Volatile.Read(ref sequences);
            updated = [.. current, .. sequencesToAdd];

            // Set before the array shows them, so that no producer waits for a consumer that starts from nothing.
            SetAll(sequencesToAdd, cursor.Cursor);
        }
        while (Interlocked.CompareExchange(ref sequences, updated, current) != current);

        // Events published between the two steps were not kept for the new consumers: they start behind them.
        SetAll(sequencesToAdd, cursor.Cursor);
    }

    public static bool TryRemoveSequence(ref Sequence[] sequences, Sequence sequence)
    {
        while (true)
        {
            // Acquire: pairs with the exchange below, on whichever thread changed the array last.
            var current = Volatile.Read(ref sequences);
            var updated = Array.FindAll(current, other => !ReferenceEquals(other, sequence));
            if (updated.Length == current.Length)
                return false;

            if (Interlocked.CompareExchange(ref sequences, updated, current) == current)
                return true;
        }
    }

    private static void SetAll(Sequence[] sequences, long value)
    {
        foreach (var sequence in sequences)
            sequence.SetValue(value);
    }
}
