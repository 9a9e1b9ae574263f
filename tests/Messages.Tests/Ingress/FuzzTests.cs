using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Messages.Tests.Ingress;

/// <summary>Whatever comes in, the reader does not throw, and what it admits passes a naive check.</summary>
public class FuzzTests
{
    private const int Cases = 400_000;

    private static readonly long[] InterestingBits =
    [
        0, -1, 1, long.MinValue, long.MaxValue, .. new[]
        {
            double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, double.Epsilon, -0.0, 1, 0.5,
            -1, 1e9, 1e12,
        }.Select(BitConverter.DoubleToInt64Bits),
    ];

    private readonly ReaderHarness _harness = new();
    private int _admitted;
    private int _refused;

    [SetUp]
    public void Reset() => (_admitted, _refused) = (0, 0);

    [Test]
    public void ShouldRefuseOrAdmitSafelyWhenBytesAreRandom()
    {
        var random = TestSeed.NewRandom();
        for (var i = 0; i < Cases; i++)
        {
            var message = new byte[random.Next(200)];
            random.NextBytes(message);
            Check(message);
        }

        Assert.That(_refused, Is.EqualTo(Cases), "random bytes have the schema's id once in 65,536 and no valid block");
    }

    [Test]
    public void ShouldRefuseOrAdmitSafelyWhenBlocksAreRandomUnderAValidHeader()
    {
        var random = TestSeed.NewRandom();
        for (var i = 0; i < Cases; i++)
        {
            var message = NextSample(random);
            random.NextBytes(message.AsSpan(MessageHeader.SizeBytes));
            Check(message);
        }

        Assert.That(_refused, Is.GreaterThan(Cases / 2));
    }

    [Test]
    public void ShouldRefuseOrAdmitSafelyWhenValidMessagesAreMutated()
    {
        var random = TestSeed.NewRandom();
        for (var i = 0; i < Cases; i++)
        {
            var message = NextSample(random);
            for (var mutations = random.Next(1, 4); mutations > 0; mutations--)
                Mutate(random, ref message);

            Check(message);
        }

        Assert.Multiple(() =>
        {
            Assert.That(_admitted, Is.GreaterThan(Cases / 20), "too few mutants live for the check to mean much");
            Assert.That(_refused, Is.GreaterThan(Cases / 20));
        });
    }

    private static byte[] NextSample(Random random) => random.Next(3) switch
    {
        0 => SampleMessages.TradeQualified(),
        1 => SampleMessages.MarketUpdate(),
        _ => SampleMessages.Command(),
    };

    private static void Mutate(Random random, ref byte[] message)
    {
        if (message.Length == 0)
            return;

        switch (random.Next(5))
        {
            case 0:
                message[random.Next(message.Length)] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                message[random.Next(message.Length)] = (byte)random.Next(256);
                break;
            case 2 when message.Length >= 16:
                var bits = InterestingBits[random.Next(InterestingBits.Length)];
                BitConverter.TryWriteBytes(message.AsSpan(random.Next(1, message.Length / 8) * 8), bits);
                break;
            case 3 when random.Next(4) == 0:
                Array.Resize(ref message, random.Next(message.Length + 64));
                break;
            case 4 when message.Length >= 12:
                var field = message.AsSpan(random.Next(2, message.Length / 4) * 4);
                BitConverter.TryWriteBytes(field, random.Next(-20, 20));
                break;
        }
    }

    private void Check(byte[] message)
    {
        if (!_harness.TryRead(message))
        {
            _refused++;
            if (_harness.Rejection.Reason == default)
                Assert.Fail("refused without a reason: " + Convert.ToHexString(message));
            return;
        }

        _admitted++;
        if (AdmissionChecker.FindFault(_harness, message) is { } fault)
            Assert.Fail($"admitted with a bad {fault}: {Convert.ToHexString(message)}");
    }
}
