using System.Runtime.Intrinsics;
using ExecutionPipeline.Stages.Inference.Compiled;

namespace ExecutionPipeline.Stages.Tests.Inference.Compiled;

public sealed class VectorExpTests
{
    [Test]
    public void ShouldBeRightToOneTenMillionthWhenResultIsNormal()
    {
        for (var x = -87f; x <= 88f; x += 0.000137f)
        {
            var expected = Math.Exp(x);
            if (Math.Abs(Of(x) - expected) > 1e-7 * expected) Assert.Fail($"e^{x:R} is {Of(x):R}, not {expected:R}");
        }
    }

    [TestCase(-1e30f)]
    [TestCase(float.NegativeInfinity)]
    public void ShouldBeNextToNothingWhenArgumentIsFarBelow(float x) => Assert.That(Of(x), Is.InRange(0f, 2e-38f));

    [Test]
    public void ShouldStayFiniteWhenArgumentIsFarAbove() => Assert.That(Of(1e30f), Is.InRange(1e38f, float.MaxValue));

    [Test]
    public void ShouldBeOneWhenArgumentIsZero() => Assert.That(Of(0f), Is.EqualTo(1f));

    [Test]
    public void ShouldBeNaNWhenArgumentIs() => Assert.That(Of(float.NaN), Is.NaN);

    private static float Of(float x) => VectorExp.Of(Vector128.Create(x))[0];
}
