using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Benchmarks.Rings;

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
