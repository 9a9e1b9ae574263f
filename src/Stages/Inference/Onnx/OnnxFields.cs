namespace ExecutionPipeline.Stages.Inference.Onnx;

/// <summary>
/// Field numbers of the ONNX schema's messages (onnx.proto3, IR version 8), as far as the policies' graphs need them.
/// The reader here and the writer in the training tool share them.
/// </summary>
public static class OnnxFields
{
    public static class Model
    {
        public const int IrVersion = 1;
        public const int ProducerName = 2;
        public const int ProducerVersion = 3;
        public const int Graph = 7;
        public const int OpsetImport = 8;
    }

    public static class OperatorSet
    {
        public const int Domain = 1;
        public const int Version = 2;
    }

    public static class Graph
    {
        public const int Node = 1;
        public const int Name = 2;
        public const int Initializer = 5;
        public const int Input = 11;
        public const int Output = 12;
    }

    public static class Node
    {
        public const int Input = 1;
        public const int Output = 2;
        public const int Name = 3;
        public const int OpType = 4;
        public const int Attribute = 5;
        public const int Domain = 7;
    }

    public static class Attribute
    {
        public const int Name = 1;
        public const int Float = 2;
        public const int Integer = 3;
        public const int Tensor = 5;
        public const int Integers = 8;
        public const int Type = 20;
        public const int TypeFloat = 1;
        public const int TypeInteger = 2;
        public const int TypeTensor = 4;
        public const int TypeIntegers = 7;
    }

    public static class Tensor
    {
        public const int Dims = 1;
        public const int DataType = 2;
        public const int FloatData = 4;
        public const int IntegerData = 7;
        public const int Name = 8;
        public const int RawData = 9;
        public const int ExternalData = 13;
        public const int DataLocation = 14;
        public const int EntryKey = 1;
        public const int EntryValue = 2;
        public const int DataTypeFloat = 1;
        public const int DataTypeInteger = 7;
    }

    public static class ValueInfo
    {
        public const int Name = 1;
        public const int Type = 2;
    }

    public static class Type
    {
        public const int Tensor = 1;
        public const int TensorElementType = 1;
        public const int TensorShape = 2;
        public const int ShapeDimension = 1;
        public const int DimensionValue = 1;
        public const int DimensionName = 2;
    }
}
