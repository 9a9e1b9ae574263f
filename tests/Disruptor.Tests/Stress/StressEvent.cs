using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ExecutionPipeline.Disruptor.Tests.Stress;

/// <summary>
/// Four cache lines that all follow from the number of the event, so that a word of another event, or of another lap of
/// the same slot, does not fit; and a mark for each handler that has seen the event.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct StressEvent
{
    public const int MaxHandlers = 8;
    private const int WordCount = 24;

    private Payload _payload;
    private HandlerMarks _marks;

    /// <summary>Writes every word, and takes the marks of the last lap away.</summary>
    public void Write(long number)
    {
        for (var i = 0; i < WordCount; i++)
            _payload[i] = Word(number, i);

        ((Span<long>)_marks).Clear();
    }

    /// <summary>Whether every word is one of this event.</summary>
    public readonly bool IsWhole(long number)
    {
        for (var i = 0; i < WordCount; i++)
        {
            if (_payload[i] != Word(number, i))
                return false;
        }

        return true;
    }

    /// <summary>The number that the first word stands for.</summary>
    public readonly long Number => _payload[0];

    public void Mark(int handler, long sequence) => _marks[handler] = sequence + 1;

    public readonly bool IsMarked(int handler, long sequence) => _marks[handler] == sequence + 1;

    private static long Word(long number, int index)
    {
        return number + index * unchecked((long)0x9E3779B97F4A7C15) * (number + 1);
    }

    [InlineArray(WordCount)]
    private struct Payload
    {
        private long _first;
    }

    [InlineArray(MaxHandlers)]
    private struct HandlerMarks
    {
        private long _first;
    }
}
