using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Messages.Events;

/// <summary>
/// The policies' input, shape (15,), float32, in the requirement document's order (see <see cref="Feature"/>), and
/// one float of padding to a cache line.
/// </summary>
[InlineArray(Length)]
public struct ContextFeatures
{
    public const int Count = 15;
    private const int Length = 16;

    private float _first;
}
