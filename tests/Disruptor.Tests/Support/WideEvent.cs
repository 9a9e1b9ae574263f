using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ExecutionPipeline.Disruptor.Tests.Support;

/// <summary>An event of eleven cache lines.</summary>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
public struct WideEvent : ITestEvent
{
    public const int SizeBytes = 704;

    private Words _words;

    public long Value
    {
        readonly get => _words[0];
        set => ((Span<long>)_words).Fill(value);
    }

    /// <summary>Whether every word holds the value: none was written by an earlier or later lap.</summary>
    public readonly bool IsWhole => ((ReadOnlySpan<long>)_words).IndexOfAnyExcept(_words[0]) < 0;

    [InlineArray(SizeBytes / sizeof(long))]
    private struct Words
    {
        private long _first;
    }
}
