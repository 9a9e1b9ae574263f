using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Compiled;
using ExecutionPipeline.Stages.Inference.Models;

namespace ExecutionPipeline.Stages.Tests.Inference.Compiled;

/// <summary>A file that is not what it should be ends in a named reason, never in anything else.</summary>
public sealed class DamagedModelTests
{
    private const int Files = 3_000;

    [Test]
    public void ShouldRefuseOrRunWhenBytesAreDamaged()
    {
        var random = TestSeed.NewRandom();
        var whole = ShippedModels.Open().ReadVerified(PolicyModels.Merged);
        var structure = StructureOf(whole);
        var features = ContextSource.Calm();
        var refused = 0;
        for (var i = 0; i < Files; i++)
        {
            var file = Damage(whole, structure, random);
            try
            {
                var policy = CompiledPolicy.Compile([file], LaneWidth.Bits128);
                var outputs = default(PolicyOutputs);
                policy.Run(in features, ref outputs);
            }
            catch (ModelFileException problem)
            {
                refused++;
                Assert.That(problem.Message, Does.StartWith("cannot be compiled: ").And.Not.Contains("\n"));
            }
        }

        TestContext.Out.WriteLine($"{refused} of {Files} refused");
        Assert.That(refused, Is.GreaterThan(Files / 2));
    }

    [Test]
    public void ShouldRefuseWhenFileIsCutAnywhere()
    {
        var whole = ShippedModels.Open().ReadVerified(PolicyModels.PositionSizing);
        for (var length = 0; length < whole.Length; length += 97)
        {
            var cut = whole[..length];
            Assert.That(() => CompiledPolicy.Compile([cut], LaneWidth.Bits128), Throws.TypeOf<ModelFileException>());
        }
    }

    [Test]
    public void ShouldNameTheWeightsWhenTheyHoldNaN()
    {
        var file = ShippedModels.Open().ReadVerified(PolicyModels.Merged);
        var weights = file.AsSpan().IndexOf("position_sizing.folded.weight"u8);
        // Past the first use of the name, by the layer, is the constant itself; its data follow the name.
        var second = weights + 1 + file.AsSpan(weights + 1).IndexOf("position_sizing.folded.weight"u8);
        file.AsSpan(second + 100, 2 * sizeof(float)).Fill(0xFF);

        Assert.That(() => CompiledPolicy.Compile([file], LaneWidth.Bits128),
            Throws.TypeOf<ModelFileException>().With.Message.Contains("holds a value that is not finite"));
    }

    // Most bytes are weights, where any change is another model: damage goes where the structure is.
    private static int[] StructureOf(byte[] file)
    {
        var text = new List<int>();
        for (var i = 0; i + 4 < file.Length; i++)
        {
            if (file.AsSpan(i, 4).IndexOfAnyExceptInRange((byte)' ', (byte)'z') < 0) text.Add(i);
        }

        return [.. text];
    }

    private static byte[] Damage(byte[] whole, int[] structure, Random random)
    {
        var file = (byte[])whole.Clone();
        var changes = random.Next(1, 6);
        for (var i = 0; i < changes; i++)
        {
            var at = Math.Clamp(structure[random.Next(structure.Length)] + random.Next(-12, 12), 0, file.Length - 1);
            file[at] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)(file[at] ^ 1 << random.Next(8));
        }

        return random.Next(10) == 0 ? file[..random.Next(file.Length)] : file;
    }
}
