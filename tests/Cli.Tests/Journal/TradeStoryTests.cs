using ExecutionPipeline.Cli.Journal;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Tests.Journal;

public sealed class TradeStoryTests
{
    private const ulong Signal = 7;

    [TestCase(2, 0, "executed 2 at 4000.25; 3 are left.")]
    [TestCase(0, 5, "executed 5 of which no execution was reported; 3 are left.")]
    [TestCase(2, 1, "executed 2 at 4000.25 and 1 of which no execution was reported; 3 are left.")]
    [TestCase(0, 0, "became PendingCancel.")]
    public void ShouldTellWhatWasExecutedWhenAReportIsTold(int last, int inferred, string expected)
    {
        using var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 1_000;
        var bytes = new byte[OrderStatusChangeEncoder.EncodedLength];
        _ = new OrderStatusChangeEncoder(bytes)
        {
            OrderId = 5,
            SignalId = Signal,
            Quantity = 10,
            LeavesQuantity = 3,
            Status = OrderStatus.PendingCancel,
            LastQuantity = last,
            LastPriceE9 = last > 0 ? 4_000_250_000_000 : WireNull.Int64,
            InferredQuantity = inferred,
        };

        new TradeStory(Signal, console).TrySend(bytes);

        Assert.That($"{output}".Trim(), Does.EndWith(expected));
    }
}
