using System.Buffers.Binary;
using ExecutionPipeline.Benchmarks.Matching;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Tests.Matching;

/// <summary>The measured flows run, briefly, and their results are checked; speed is not asked here.</summary>
public class OrderFlowTests
{
    [Test]
    public void ShouldGiveTheSameTwiceWhenTheMixIsPlayed()
    {
        var flow = OrderFlow.Mix(20_000, resting: 500, seed: 1);

        var first = FlowPlayer.Play(flow, untimed: 500);
        var second = FlowPlayer.Play(flow, untimed: 500);

        Assert.That(first.TradedQuantity, Is.GreaterThan(1_000));
        Assert.That((second.Reports, second.TradedQuantity), Is.EqualTo((first.Reports, first.TradedQuantity)));
    }

    [Test]
    public void ShouldTimeEachMessageBehindTheGateWhenTheMixComesAtFixedTimes()
    {
        var flow = OrderFlow.Mix(1_000, resting: 100, seed: 1);
        var gate = new SeenMessages();

        var latencies = FlowPlayer.PlayPaced(flow, untimed: 100, perSecond: 1e6, gate);

        Assert.That(latencies, Has.Length.EqualTo(1_000).And.Ordered.And.All.Positive);
        Assert.That(gate.Seen, Is.EqualTo(flow.Skip(100)));
    }

    [Test]
    public void ShouldHaveTheSharesOfTheMixWhenItIsMade()
    {
        var flow = OrderFlow.Mix(100_000, resting: 1_000, seed: 2).Skip(1_000).ToList();

        double Share(Func<FlowMessage, bool> which) => flow.Count(which) / (double)flow.Count;
        Assert.That(Share(m => m.Request == FlowRequest.New && !m.IsImmediate), Is.EqualTo(0.09).Within(0.01));
        Assert.That(Share(m => m.IsImmediate), Is.EqualTo(0.03).Within(0.005));
        Assert.That(Share(m => m.Request == FlowRequest.Cancel), Is.EqualTo(0.06).Within(0.01));
        Assert.That(Share(m => m.Request == FlowRequest.Replace), Is.EqualTo(0.82).Within(0.01));
    }

    /// <summary>A message that finds nothing costs a book nothing, so none of the mix may be one.</summary>
    [Test]
    public void ShouldFindEachOrderAndKeepItsDepthWhenTheMixIsMade()
    {
        const int resting = 1_000;
        var flow = OrderFlow.Mix(300_000, resting, seed: 3);

        // A book refuses what names no order of its own, which ends the making of a mix.
        var live = new RestingOrders();
        var book = FlowPlayer.NewBook(OrderFlow.MixOrders, new RestingOrders.Listener(live));
        var most = 0;
        foreach (ref readonly var message in flow.AsSpan())
        {
            FlowPlayer.Send(book, in message);
            most = Math.Max(most, live.Count);
        }

        Assert.That(live.Count, Is.EqualTo(resting).Within(resting / 10));
        Assert.That(most, Is.LessThan(resting + resting / 5));
    }

    /// <summary>An offer, a buyer that takes a part, a cancel that finds it, and one that does not.</summary>
    [Test]
    public void ShouldHashTheReportsWhenAStreamIsRead()
    {
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.bin");
        File.WriteAllBytes(path, Stream(
            (FlowRequest.New, 1, 10, 7, 100), (FlowRequest.New, 0, 4, 8, 101), (FlowRequest.Cancel, 1, 0, 7, 0),
            (FlowRequest.Cancel, 1, 0, 7, 0), (FlowRequest.Replace, 0, 5, 9, 99)));
        const string Lines = "0,0,1,7,100,10\n0,1,0,8,101,4\n1,1,100,4,7,8\n2,2,1,7,100\n4,3,7\n5,4,9";

        var flow = OrderFlow.Read(path);
        File.Delete(path);

        Assert.That(flow, Has.Length.EqualTo(5));
        Assert.That(flow[1].Side, Is.EqualTo(Side.Buy));
        Assert.That(FlowPlayer.DigestOf(flow), Is.EqualTo(Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(Lines)))));
    }

    [Test]
    public void ShouldReadWhatWasWrittenWhenAFlowIsAStream()
    {
        var flow = OrderFlow.Mix(5_000, resting: 100, seed: 4);
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.bin");
        OrderFlow.Write(path, flow);

        Assert.That(OrderFlow.Read(path), Is.EqualTo(flow));
        File.Delete(path);
    }

    [TestCase(0, "states 1 messages")]
    [TestCase(1, "not a stream")]
    public void ShouldRefuseAStreamWhenItIsDamaged(int damage, string expected)
    {
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.bin");
        var bytes = Stream((FlowRequest.New, 1, 10, 7, 100));
        if (damage == 1)
            bytes[0]++;
        File.WriteAllBytes(path, damage == 0 ? bytes[..^1] : bytes);

        Assert.That(() => OrderFlow.Read(path), Throws.InstanceOf<IOException>().With.Message.Contains(expected));
        File.Delete(path);
    }

    private static byte[] Stream(params (FlowRequest Request, byte Side, int Quantity, ulong Id, long Price)[] messages)
    {
        var bytes = new byte[16 + messages.Length * 40];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, 0x4D4542575F303031);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), messages.Length);
        for (var i = 0; i < messages.Length; i++)
        {
            var record = bytes.AsSpan(16 + i * 40);
            record[0] = (byte)messages[i].Request;
            record[1] = messages[i].Side;
            BinaryPrimitives.WriteInt32LittleEndian(record[4..], messages[i].Quantity);
            BinaryPrimitives.WriteUInt64LittleEndian(record[16..], messages[i].Id);
            BinaryPrimitives.WriteInt64LittleEndian(record[24..], messages[i].Price);
        }

        return bytes;
    }

    private sealed class SeenMessages : IFlowGate
    {
        public List<FlowMessage> Seen { get; } = [];

        public void Check(in FlowMessage message) => Seen.Add(message);
    }
}
