using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Benchmarks.Rings;

/// <summary>An event of so many eight-byte words.</summary>
public interface IWords
{
    /// <summary>The first word.</summary>
    long First { get; set; }

    /// <summary>Writes every word.</summary>
    void Fill(long value);

    /// <summary>Reads every word.</summary>
    long Sum();
}

/// <summary>An event of 64 bytes.</summary>
[InlineArray(8)]
public struct Words64 : IWords
{
    private long _first;

    public long First
    {
        readonly get => _first;
        set => _first = value;
    }

    public void Fill(long value) => ((Span<long>)this).Fill(value);

    public readonly long Sum() => WordSum.Of(this);
}

/// <summary>An event of 128 bytes.</summary>
[InlineArray(16)]
public struct Words128 : IWords
{
    private long _first;

    public long First
    {
        readonly get => _first;
        set => _first = value;
    }

    public void Fill(long value) => ((Span<long>)this).Fill(value);

    public readonly long Sum() => WordSum.Of(this);
}

/// <summary>An event of 256 bytes.</summary>
[InlineArray(32)]
public struct Words256 : IWords
{
    private long _first;

    public long First
    {
        readonly get => _first;
        set => _first = value;
    }

    public void Fill(long value) => ((Span<long>)this).Fill(value);

    public readonly long Sum() => WordSum.Of(this);
}

/// <summary>An event of 512 bytes.</summary>
[InlineArray(64)]
public struct Words512 : IWords
{
    private long _first;

    public long First
    {
        readonly get => _first;
        set => _first = value;
    }

    public void Fill(long value) => ((Span<long>)this).Fill(value);

    public readonly long Sum() => WordSum.Of(this);
}

internal static class WordSum
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Of(ReadOnlySpan<long> words)
    {
        var sum = 0L;
        foreach (var word in words)
            sum += word;

        return sum;
    }
}
