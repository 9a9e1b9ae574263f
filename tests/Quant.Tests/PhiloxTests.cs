namespace ExecutionPipeline.Quant.Tests;

public sealed class PhiloxTests
{
    // The known answers that Random123 publishes for philox4x32-10.
    [TestCase(0UL, 0UL, 0UL, 0x6627E8D5U, 0xE169C58DU, 0xBC57AC4CU, 0x9B00DBD8U)]
    [TestCase(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, 0x408F276DU, 0x41C83B0EU, 0xA20BC7C6U, 0x6D5451FDU)]
    [TestCase(0x299F31D0A4093822UL, 0x85A308D3243F6A88UL, 0x0370734413198A2EUL,
        0xD16CFE09U, 0x94FDCCEBU, 0x5001E420U, 0x24126EA1U)]
    public void ShouldGiveThePublishedAnswers(ulong key, ulong counter, ulong stream, uint x, uint y, uint z, uint w) =>
        Assert.That(Philox.Draw(key, counter, stream), Is.EqualTo((x, y, z, w)));

    [TestCase(0U, 0f)]
    [TestCase(uint.MaxValue, 0.99999994f)]
    [TestCase(1U << 31, 0.5f)]
    public void ShouldStayBelowOneWhenBitsBecomeAFraction(uint bits, float unit) =>
        Assert.That(Philox.ToUnit(bits), Is.EqualTo(unit));
}
