using System.Globalization;
using System.Runtime.InteropServices;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.State;

namespace ExecutionPipeline.Execution.Tests.State;

[TestFixture]
public sealed class StateStreamTests
{
    private enum Colour : byte
    {
        Red = 3,
    }

    [Test]
    public void ShouldGiveTheSameBackWhenReadAsWritten()
    {
        var random = TestSeed.NewRandom();
        for (var round = 0; round < 200; round++)
        {
            var saved = new Sample(random);
            var bytes = BytesOf(saved);
            var loaded = new Sample(random);
            Load(loaded, bytes);

            Assert.That(BytesOf(loaded), Is.EqualTo(bytes));
            Assert.That(loaded.Describe(), Is.EqualTo(saved.Describe()));
            Assert.That(HashOf(loaded), Is.EqualTo(HashOf(saved)));
        }
    }

    [Test]
    public void ShouldHashAnotherValueWhenAnyFieldDiffers()
    {
        var random = TestSeed.NewRandom();
        var sample = new Sample(random);
        var hash = HashOf(sample);
        for (var element = 0; element < sample.Links.Length; element++)
        {
            sample.Links[element] ^= 1;
            Assert.That(HashOf(sample), Is.Not.EqualTo(hash));
            sample.Links[element] ^= 1;
        }

        Assert.That(HashOf(sample), Is.EqualTo(hash));
    }

    [Test]
    public void ShouldWriteToEveryPageAndChangeNothingWhenTouching()
    {
        const int Bytes = 256 << 20;
        var index = new IdIndex(Bytes / 32);
        index.TryAdd(7, 3);
        var sample = new Sample(TestSeed.NewRandom());
        var hash = HashOf(sample);
        var before = ResidentBytes();

        index.Transfer(StateStream.ForTouching());
        sample.Transfer(StateStream.ForTouching());

        Assert.That(ResidentBytes() - before, Is.GreaterThan(Bytes / 10 * 9), "the index's pages are there");
        Assert.That(index.TryGet(7, out var slot), Is.True);
        Assert.That((slot, index.Count, HashOf(sample)), Is.EqualTo((3, 1, hash)));
    }

    private static long ResidentBytes()
    {
        var pages = File.ReadAllText("/proc/self/statm").Split(' ')[1];
        return long.Parse(pages, CultureInfo.InvariantCulture) * Environment.SystemPageSize;
    }

    [Test]
    public void ShouldPassNoByteThatIsInNoFieldWhenAStructureHasGaps()
    {
        var clean = new Gapped { Small = 1, Large = 2, Nested = new Inner { Colour = Colour.Red, Number = 4 } };
        var dirty = clean;
        var raw = MemoryMarshal.AsBytes(new Span<Gapped>(ref dirty));
        raw[1..8].Fill(0xAA);
        Assert.That(dirty, Is.EqualTo(clean), "the fields are the same");

        var (first, second) = (StateStream.ForWriting(), StateStream.ForWriting());
        Pass(first, clean);
        Pass(second, dirty);
        Assert.That(second.Written.ToArray(), Is.EqualTo(first.Written.ToArray()));

        static void Pass(StateStream state, Gapped value)
        {
            state.Value(ref value);
            state.Array<Gapped>(new[] { default, value, default, default, value });
            var growing = new[] { value };
            state.Growing(ref growing);
        }
    }

    [Test]
    public void ShouldCostNoRoomWhenElementsWereNeverUsed()
    {
        var state = StateStream.ForWriting();
        var links = new int[100_000];
        for (var place = 0; place < links.Length; place++)
            links[place] = place + 1 < links.Length ? place + 1 : -1;
        var marks = new int[100_000];
        Array.Fill(marks, -1);

        state.Array(new Gapped[100_000].AsSpan());
        state.Array(marks, -1);
        state.Links(links);

        Assert.That(state.Written.Length, Is.LessThan(64));
    }

    [Test]
    public void ShouldRefuseWhenTheBytesAreOfAnotherConfiguration()
    {
        var state = StateStream.ForWriting();
        state.Section("orders");
        state.Array(new int[8].AsSpan());

        var wrongPart = StateStream.ForReading(state.Written);
        Assert.That(
            () => wrongPart.Section("trades"), Throws.TypeOf<StateException>().With.Message.Contains("'trades'"));

        var wrongLength = StateStream.ForReading(state.Written);
        wrongLength.Section("orders");
        Assert.That(
            () => wrongLength.Array(new int[9].AsSpan()),
            Throws.TypeOf<StateException>().With.Message.Contains("8 elements where this configuration has 9"));

        var wrongType = StateStream.ForReading(state.Written);
        wrongType.Section("orders");
        Assert.That(() => wrongType.Array(new long[8].AsSpan()), Throws.TypeOf<StateException>());
    }

    [Test]
    public void ShouldRefuseAndNeverCrashWhenTheBytesAreCutOrChanged()
    {
        var random = TestSeed.NewRandom();
        var bytes = BytesOf(new Sample(random));
        var target = new Sample(random);
        for (var length = 0; length < bytes.Length; length++)
            Assert.That(() => Load(target, bytes[..length]), Throws.TypeOf<StateException>());
        Assert.That(() => Load(target, [.. bytes, 0]), Throws.TypeOf<StateException>());

        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var flipped = bytes.ToArray();
            flipped[bit / 8] ^= (byte)(1 << bit % 8);
            try
            {
                Load(target, flipped);
            }
            catch (StateException)
            {
                // Whether a value can be so is not the stream's to know; that it stays inside of the bytes is.
            }
        }
    }

    private static byte[] BytesOf(IStateful stateful)
    {
        var state = StateStream.ForWriting();
        stateful.Transfer(state);
        return state.Written.ToArray();
    }

    private static ulong HashOf(IStateful stateful)
    {
        var state = StateStream.ForHashing();
        stateful.Transfer(state);
        return state.TakeHash();
    }

    private static void Load(IStateful stateful, byte[] bytes)
    {
        var state = StateStream.ForReading(bytes);
        stateful.Transfer(state);
        state.End();
    }

    private record struct Inner
    {
        public Colour Colour;
        public short Number;
    }

    private record struct Gapped
    {
        public byte Small;
        public long Large;
        public Inner Nested;
    }

    private sealed class Sample : IStateful
    {
        private readonly Gapped[] _elements = new Gapped[50];
        private long[] _growing = [];
        private bool _flag;
        private Int128 _wide;

        public Sample(Random random)
        {
            for (var i = 0; i < _elements.Length; i++)
            {
                if (random.Next(3) == 0)
                    _elements[i] = new Gapped { Small = (byte)random.Next(), Large = random.NextInt64() };
            }

            _growing = new long[random.Next(20)];
            random.NextBytes(MemoryMarshal.AsBytes(_growing.AsSpan()));
            _flag = random.Next(2) == 0;
            _wide = random.NextInt64() * (Int128)random.NextInt64();
            for (var i = 0; i < Links.Length; i++)
                Links[i] = i < 10 ? random.Next(-1, Links.Length) : i + 1 < Links.Length ? i + 1 : -1;
        }

        public int[] Links { get; } = new int[30];

        public void Transfer(StateStream state)
        {
            state.Section("sample");
            state.Array(_elements.AsSpan());
            state.Growing(ref _growing);
            state.Value(ref _flag);
            _wide = state.Next(_wide);
            state.Links(Links);
        }

        public string Describe() =>
            $"{string.Join(',', _elements)} {string.Join(',', _growing)} {_flag} {_wide} {string.Join(',', Links)}";
    }
}
