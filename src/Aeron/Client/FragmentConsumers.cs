using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>
/// What a poll hands fragments to. Implemented by structs around the handlers that applications give, so that the loop
/// is compiled for each kind and nothing is allocated to adapt one to another.
/// </summary>
internal interface IFragmentConsumer
{
    /// <summary>Takes a fragment and says how to go on.</summary>
    ControlledFragmentHandlerAction OnFragment(UnsafeBuffer buffer, int offset, int length, Header header);
}

/// <summary>A <see cref="FragmentHandler"/>.</summary>
internal readonly struct DelegateConsumer(FragmentHandler handler) : IFragmentConsumer
{
    public ControlledFragmentHandlerAction OnFragment(UnsafeBuffer buffer, int offset, int length, Header header)
    {
        handler(buffer, offset, length, header);
        return ControlledFragmentHandlerAction.CONTINUE;
    }
}

/// <summary>A <see cref="IFragmentHandler"/>.</summary>
internal readonly struct HandlerConsumer(IFragmentHandler handler) : IFragmentConsumer
{
    public ControlledFragmentHandlerAction OnFragment(UnsafeBuffer buffer, int offset, int length, Header header)
    {
        handler.OnFragment(buffer, offset, length, header);
        return ControlledFragmentHandlerAction.CONTINUE;
    }
}

/// <summary>A <see cref="ControlledFragmentHandler"/>.</summary>
internal readonly struct ControlledDelegateConsumer(ControlledFragmentHandler handler) : IFragmentConsumer
{
    public ControlledFragmentHandlerAction OnFragment(UnsafeBuffer buffer, int offset, int length, Header header) =>
        handler(buffer, offset, length, header);
}

/// <summary>A <see cref="IControlledFragmentHandler"/>.</summary>
internal readonly struct ControlledHandlerConsumer(IControlledFragmentHandler handler) : IFragmentConsumer
{
    public ControlledFragmentHandlerAction OnFragment(UnsafeBuffer buffer, int offset, int length, Header header) =>
        handler.OnFragment(buffer, offset, length, header);
}
