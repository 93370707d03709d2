/// The steps that are measured by name, the same as in the scripts that measure other libraries.
package enum Presets {
  /// Each name with its workload.
  package static let all: [(name: String, workload: String)] = [
    ("mlp-b1", "mlp:in=784,hidden=256,out=10,batch=1,opt=sgd"),
    ("mlp-b32", "mlp:in=784,hidden=256,out=10,batch=32,opt=sgd"),
    ("mlp-b128", "mlp:in=784,hidden=256,out=10,batch=128,opt=adam"),
    ("mlp-wide", "mlp:in=784,hidden=1024x1024,out=10,batch=256,opt=adam"),
    ("mlp-infer-b1", "mlp:in=784,hidden=256,out=10,batch=1,infer=1"),
    ("mlp-infer-b256", "mlp:in=784,hidden=256,out=10,batch=256,infer=1"),
    ("cnn-lenet", "cnn:size=28,channels=1,convs=32x64,batch=64,opt=adam"),
    ("cnn-deep", "cnn:size=32,channels=3,convs=64x64x128x128,batch=32,opt=adam,norm=1"),
    ("cnn-infer-b1", "cnn:size=28,channels=1,convs=32x64,batch=1,infer=1"),
    ("dcgan", "gan:latent=64,width=32,batch=64"),
    ("rnn", "rnn:kind=rnn,steps=64,in=64,hidden=128,batch=32,opt=adam"),
    ("lstm", "rnn:kind=lstm,steps=64,in=128,hidden=256,batch=32,opt=adam"),
    ("gru", "rnn:kind=gru,steps=64,in=128,hidden=256,batch=32,opt=adam"),
    ("lstm-infer-b1", "rnn:kind=lstm,steps=64,in=128,hidden=256,batch=1,infer=1"),
    ("embedding-bag", "emb:vocab=20000,dim=128,length=64,out=10,batch=64,opt=sgd"),
    ("transformer", "tfm:vocab=256,dim=256,heads=8,layers=2,length=128,batch=16,opt=adam"),
    ("transformer-infer-b1", "tfm:vocab=256,dim=256,heads=8,layers=2,length=128,batch=1,infer=1"),
    ("seq2seq", "s2s:vocab=64,dim=128,hidden=256,length=24,batch=64,opt=adam"),
  ]
}
